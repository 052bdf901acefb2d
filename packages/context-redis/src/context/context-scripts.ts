import { SCRIPT_NOW } from "../time/script-time.ts";

/**
 * A session's keys: `values` and `sizes` are hashes by member, `used` sorts members by their last use, `expiry` by when they end, and `meta` has the
 * count of uses and the bytes of all.
 */
const FORGET = `${SCRIPT_NOW}
local values, sizes, used, expiry, meta = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local function forget(member)
  local size = redis.call('HGET', sizes, member)
  if not size then return false end
  redis.call('HDEL', values, member)
  redis.call('HDEL', sizes, member)
  redis.call('ZREM', used, member)
  redis.call('ZREM', expiry, member)
  redis.call('HINCRBY', meta, 'bytes', -size)
  return true
end
local function forgetExpired()
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', expiry, '-inf', now)) do forget(member) end
end
local function use(member)
  redis.call('ZADD', used, redis.call('HINCRBY', meta, 'uses', 1), member)
end
`;

/** After the time: member, value, its bytes, the limit, its lifetime, how much longer Redis keeps all of it at most */
export const SET: string = `${FORGET}
local member, size, limit, ends = ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5]), now + ARGV[6]
forgetExpired()
forget(member)
local evicted = {}
while tonumber(redis.call('HGET', meta, 'bytes') or 0) + size > limit do
  local oldest = redis.call('ZRANGE', used, 0, 0)[1]
  forget(oldest)
  table.insert(evicted, oldest)
end
redis.call('HSET', values, member, ARGV[3])
redis.call('HSET', sizes, member, ARGV[4])
redis.call('HINCRBY', meta, 'bytes', size)
use(member)
redis.call('ZADD', expiry, ends, member)
local last = redis.call('ZRANGE', expiry, -1, -1, 'WITHSCORES')[2]
local keep = math.ceil(tonumber(last) - now)
if redis.call('PTTL', values) < keep then
  -- Longer, so that it is seldom done.
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, keep + tonumber(ARGV[7])) end
end
return evicted
`;

/** After the time: member. */
export const GET: string = `${FORGET}
forgetExpired()
local value = redis.call('HGET', values, ARGV[2])
if value then use(ARGV[2]) end
return value
`;

/** After the time: member. */
export const DELETE: string = `${FORGET}
forgetExpired()
return forget(ARGV[2]) and 1 or 0
`;

/** After the time: what members begin with, or nothing for all. */
export const CLEAR: string = `${FORGET}
forgetExpired()
if ARGV[2] == '' then
  local count = redis.call('HLEN', sizes)
  redis.call('UNLINK', unpack(KEYS))
  return count
end
local count = 0
for _, member in ipairs(redis.call('HKEYS', sizes)) do
  if string.sub(member, 1, #ARGV[2]) == ARGV[2] then
    forget(member)
    count = count + 1
  end
end
return count
`;

/** After the time: what members begin with, or nothing for all. Members with their bytes, one after the other */
export const SIZES: string = `${SCRIPT_NOW}
local found = {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '(' .. string.format('%.17g', now), '+inf')) do
  if string.sub(member, 1, #ARGV[2]) == ARGV[2] then
    table.insert(found, member)
    table.insert(found, redis.call('HGET', KEYS[2], member))
  end
end
return found
`;
