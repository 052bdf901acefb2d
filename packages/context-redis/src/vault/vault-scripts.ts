import { SCRIPT_NOW } from "../time/script-time.ts";

/**
 * What all scripts of the index begin with. The index of all tenants is in one slot, so that it is one step to decide who makes room. `used` has
 * handles by when they were last used, `own:<tenant>` those of one tenant, `most` tenants by what they have; `entries` tells of each handle its
 * tenant, size, end, parts, digest, head and sources.
 */
const INDEX = `${SCRIPT_NOW}
local used, entries, digests, most, totals = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local base, life, tenant = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local call = redis.call
local gone = {}
local function whole(number) return string.format('%.0f', number) end
local function ownOf(one) return base .. 'own:' .. one end
local function entryOf(handle)
  local packed = call('HGET', entries, handle)
  return packed and cmsgpack.unpack(packed)
end
local function drop(handle)
  local is = entryOf(handle)
  call('ZREM', used, handle)
  if not is then return end
  call('HDEL', entries, handle)
  call('ZREM', ownOf(is[1]), handle)
  local digest = is[1] .. ':' .. is[5]
  -- It may have been put anew since it expired.
  if call('HGET', digests, digest) == handle then call('HDEL', digests, digest) end
  call('HINCRBY', totals, 'size', whole(-is[2]))
  if tonumber(call('ZINCRBY', most, whole(-is[2]), is[1])) <= 0 then call('ZREM', most, is[1]) end
  gone[#gone + 1] = handle
  gone[#gone + 1] = is[4]
end
local function dropExpired()
  for _ = 1, 100 do
    local oldest = call('ZRANGE', used, 0, 0)[1]
    if not oldest then return end
    local is = entryOf(oldest)
    if is and tonumber(is[3]) > now then return end
    drop(oldest)
  end
end
local function use(handle, is)
  is[3] = whole(now + life)
  call('HSET', entries, handle, cmsgpack.pack(is))
  local seq = call('HINCRBY', totals, 'seq', 1)
  call('ZADD', used, seq, handle)
  call('ZADD', ownOf(is[1]), seq, handle)
  for _, key in ipairs({ used, entries, digests, most, totals, ownOf(is[1]) }) do
    call('PEXPIRE', key, whole(2 * life))
  end
end
local function known(digest, sources)
  local handle = digest ~= '' and call('HGET', digests, tenant .. ':' .. digest)
  local is = handle and entryOf(handle)
  if not is or tonumber(is[3]) <= now then return false end
  local has = {}
  for _, source in ipairs(is[7]) do has[source] = true end
  for at = sources, #ARGV do
    if not has[ARGV[at]] then
      has[ARGV[at]] = true
      is[7][#is[7] + 1] = ARGV[at]
    end
  end
  use(handle, is)
  return { handle, is[4] }
end
`;

/** After the shared arguments: digest or '', sources. The handle that the digest has with the number of its parts, if any; and what went. */
export const REUSE: string = `${INDEX}
dropExpired()
return { known(ARGV[5], 6) or {}, gone }`;

/**
 * After the shared arguments: digest or '', handle, size, number of parts, head, most that all may have, sources. The handle under which it is
 * with the number of its parts; what went.
 */
export const ADD: string = `${INDEX}
dropExpired()
local digest, handle, size, parts, head, limit = ARGV[5], ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9], tonumber(ARGV[10])
-- Its answer was lost, and it is asked again.
local again = entryOf(handle)
if again then return { { handle, again[4] }, gone } end
local same = known(digest, 11)
if same then return { same, gone } end
while tonumber(call('HGET', totals, 'size') or '0') + size > limit do
  local from, has = tenant, tonumber(call('ZSCORE', most, tenant) or '0') + size
  local first = call('ZREVRANGE', most, 0, 0, 'WITHSCORES')
  if first[1] and tonumber(first[2]) > has then from = first[1] end
  local oldest = call('ZRANGE', ownOf(from), 0, 0)[1] or call('ZRANGE', used, 0, 0)[1]
  if not oldest then
    call('HSET', totals, 'size', 0)
    break
  end
  drop(oldest)
  -- What the index itself has lost of it is not met again.
  call('ZREM', ownOf(from), oldest)
end
local sources = {}
for at = 11, #ARGV do sources[#sources + 1] = ARGV[at] end
call('HINCRBY', totals, 'size', size)
call('ZINCRBY', most, size, tenant)
if digest ~= '' then call('HSET', digests, tenant .. ':' .. digest, handle) end
use(handle, { tenant, size, '0', parts, digest, head, sources })
return { { handle, parts }, gone }`;

/** After the shared arguments: handle. Number of parts, head and sources of an entry of the tenant, if there is one; and what went. */
export const USE: string = `${INDEX}
dropExpired()
local is = entryOf(ARGV[5])
if not is or is[1] ~= tenant or tonumber(is[3]) <= now then return { {}, gone } end
-- Redis that is full refuses a script at its first write that may need room, and this needs none: what is kept can be read.
call('PEXPIRE', used, whole(2 * life))
use(ARGV[5], is)
return { { is[4], is[6], unpack(is[7]) }, gone }`;

/** After the shared arguments: handles whose content is no more. */
export const FORGET: string = `${INDEX}
for at = 5, #ARGV do
  local is = entryOf(ARGV[at])
  if is and is[1] == tenant then drop(ARGV[at]) end
end
return 0`;

/** A part of a content, its text and lifetime. */
export const KEEP = "return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])";

/** All parts of a content, their lifetime. How many there are. */
export const RENEW: string = `
local found = 0
for _, key in ipairs(KEYS) do found = found + redis.call('PEXPIRE', key, ARGV[1]) end
return found`;

/** All parts of a content. */
export const REMOVE = "return redis.call('UNLINK', unpack(KEYS))";
