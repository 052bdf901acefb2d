import { SCRIPT_NOW } from "../time/script-time.ts";

/** Fields of a record, as `recordOf` takes them. `w` is the mark of the last write: the same write, made again, is no other's. */
const FIELDS = `'v', 'd', 'c', 'e', 't', 'p'`;

const LIVE = `${SCRIPT_NOW}
local function live(e) return e and tonumber(e) > now end
`;

/** The record, then the indexes: a tenant's sessions as they were made, and those of all tenants by when they end. */
const COMMON = `${LIVE}
local record, made, ends = KEYS[1], KEYS[2], KEYS[3]
local function whole(number) return string.format('%.0f', number) end
local function lengthen(ttl, member, grace)
  local e, ms = whole(now + tonumber(ttl)), tonumber(ttl) + tonumber(grace)
  redis.call('ZADD', ends, e, member)
  redis.call('PEXPIRE', record, ms)
  for number = 2, 3 do
    -- Twice as long, so that it is seldom done.
    if redis.call('PTTL', KEYS[number]) < ms then redis.call('PEXPIRE', KEYS[number], 2 * ms) end
  end
  return e
end
`;

/** After the time: member of all, grace, mark, member of the tenant, principal, data, ttl, most of a tenant */
export const CREATE: string = `${COMMON}
local mark, ttl = ARGV[4], ARGV[8]
if redis.call('EXISTS', record) == 1 then
  if redis.call('HGET', record, 'w') ~= mark then return 'conflict' end
elseif redis.call('ZCARD', made) >= tonumber(ARGV[9]) then
  return 'full'
else
  local last = redis.call('ZRANGE', made, -1, -1, 'WITHSCORES')[2]
  local place = math.max(now * 1000, tonumber(last or 0) + 1)
  redis.call('ZADD', made, whole(place), ARGV[5])
end
redis.call('HSET', record, 'v', 1, 'd', ARGV[7], 'c', whole(now), 't', ttl, 'p', ARGV[6], 'w', mark)
redis.call('HSET', record, 'e', lengthen(ttl, ARGV[2], ARGV[3]))
return redis.call('HMGET', record, ${FIELDS})
`;

/** After the time: member of all, grace, mark, version, data */
export const UPDATE: string = `${COMMON}
local mark, version, data = ARGV[4], tonumber(ARGV[5]), ARGV[6]
local v, w, e, t, c, p = unpack(redis.call('HMGET', record, 'v', 'w', 'e', 't', 'c', 'p'))
if not live(e) then return false end
local again = tonumber(v) == version + 1 and w == mark
if not again and tonumber(v) ~= version then return v end
v, e = whole(version + 1), lengthen(t, ARGV[2], ARGV[3])
redis.call('HSET', record, 'v', v, 'd', data, 'e', e, 'w', mark)
return { v, data, c, e, t, p }
`;

/** After the time: member of all, grace. */
export const TOUCH: string = `${COMMON}
local e, t = unpack(redis.call('HMGET', record, 'e', 't'))
if not live(e) then return 0 end
redis.call('HSET', record, 'e', lengthen(t, ARGV[2], ARGV[3]))
return 1
`;

/** After the time: member of all, member of the tenant. */
export const DELETE: string = `${COMMON}
local found = redis.call('HMGET', record, ${FIELDS})
if not live(found[4]) then return false end
redis.call('DEL', record)
redis.call('ZREM', made, ARGV[3])
redis.call('ZREM', ends, ARGV[2])
return found
`;

/** Of one record, unless it has ended. */
export const READ: string = `${LIVE}
local found = redis.call('HMGET', KEYS[1], ${FIELDS})
return live(found[4]) and found
`;

/** Of many records; nothing for one that has ended. */
export const READ_ALL: string = `${LIVE}
local found = {}
for _, record in ipairs(KEYS) do
  local row = redis.call('HMGET', record, ${FIELDS})
  table.insert(found, live(row[4]) and row or {})
end
return found
`;

/** A part of a tenant's index: after where, how many. Members with their places, one after the other. */
export const PART: string = `
return redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
`;

/** Of the index of all, after the time: since how long it has ended, how many. Members. */
export const ENDED: string = `${SCRIPT_NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2], 'LIMIT', 0, ARGV[3])
`;

/**
 * The index of all, then each record with the index of its tenant; the time, since how long it has ended, then each member of all with that of its tenant. What is not there any
 * more, or lives on, is left out of the answer, which has the numbers of members before their records.
 */
export const TAKE: string = `${SCRIPT_NOW}
local taken = {}
for number = 1, (#KEYS - 1) / 2 do
  local record, made = KEYS[number * 2], KEYS[number * 2 + 1]
  local member, own = ARGV[number * 2 + 1], ARGV[number * 2 + 2]
  local e = redis.call('ZSCORE', KEYS[1], member)
  if e and tonumber(e) <= now - ARGV[2] then
    if redis.call('EXISTS', record) == 1 then
      table.insert(taken, number)
      table.insert(taken, redis.call('HMGET', record, ${FIELDS}))
    end
    redis.call('DEL', record)
    redis.call('ZREM', made, own)
    redis.call('ZREM', KEYS[1], member)
  end
end
return taken
`;
