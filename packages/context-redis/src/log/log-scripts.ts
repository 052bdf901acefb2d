import { SCRIPT_NOW } from "../time/script-time.ts";

/**
 * What all writing scripts of the log begin with. A run is a hash: `head`, `end`, `program`, `owner`, `until`, `lease`, `expires`, `count`,
 * `size`, `seq`; of call number n `i:n` what was meant, `w:n` whose it is, `x:n` how it ended, after the letter of its state. `n:…` are the names
 * of entries that were noted, so that one that is sent again is noted once. Runs of a tenant stand in `order` by when they were opened, with
 * their sizes and sessions in `index`: these outlast what Redis itself forgets.
 */
const WRITING = `${SCRIPT_NOW}
local run, order, index = KEYS[1], KEYS[2], KEYS[3]
local base, member, keep = ARGV[2], ARGV[3], tonumber(ARGV[4])
local maxRuns, maxBytes, owner = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local call = redis.call
local function whole(number) return string.format('%.0f', number) end
local function runOf(one) return base .. 'run:' .. one end
local function isHeld(key)
  local held = call('HMGET', key, 'owner', 'until')
  return held[1] and tonumber(held[2]) > now
end
local function drop(one)
  local size = call('HGET', index, 'z:' .. one)
  local session = call('HGET', index, 's:' .. one)
  call('UNLINK', runOf(one))
  call('ZREM', order, one)
  call('HDEL', index, 'z:' .. one, 's:' .. one)
  if size then call('HINCRBY', index, 'bytes', whole(-tonumber(size))) end
  if session then call('ZREM', base .. 'session:' .. session, one) end
end
local function isKnown(one)
  local ends = call('HGET', runOf(one), 'expires')
  if ends and tonumber(ends) > now then return true end
  if ends or call('HEXISTS', index, 'z:' .. one) == 1 then drop(one) end
  return false
end
local function evict()
  local at = 0
  while call('ZCARD', order) > maxRuns or tonumber(call('HGET', index, 'bytes') or '0') > maxBytes do
    local one = call('ZRANGE', order, at, at)[1]
    if not one then return end
    if isHeld(runOf(one)) then at = at + 1 else drop(one) end
  end
end
local function alive() call('HSET', run, 'until', whole(now + tonumber(call('HGET', run, 'lease')))) end
local function grow(bytes)
  call('HSET', index, 'z:' .. member, call('HINCRBY', run, 'size', bytes))
  call('HINCRBY', index, 'bytes', bytes)
  local life = math.max(keep, tonumber(call('HGET', run, 'lease')))
  call('HSET', run, 'expires', whole(now + life))
  call('PEXPIRE', run, whole(life))
  call('PEXPIRE', order, whole(2 * life))
  call('PEXPIRE', index, whole(2 * life))
  local session = call('HGET', index, 's:' .. member)
  if session then call('PEXPIRE', base .. 'session:' .. session, whole(2 * life)) end
end
-- Redis that is full refuses a script at its first write that may need room, and this needs none: what has been done is noted all the same.
local function evenIfFull() call('PEXPIRE', run, whole(keep)) end
local function lose(lost)
  local bytes = 0
  for at = 0, tonumber(call('HGET', run, 'count')) - 1 do
    if call('HSETNX', run, 'x:' .. at, lost) == 1 then bytes = bytes + #lost end
  end
  return bytes
end
`;

/** A run as scripts give it: its head, how it ended, whether it is held, how many calls, and of these as many from one on as 4 MiB hold. */
const SHOWN = `
local function shown(key, from)
  local is = redis.call('HMGET', key, 'head', 'end', 'owner', 'until', 'count')
  local held = is[3] and tonumber(is[4]) > now
  local all = { is[1], is[2] or '', held and 1 or 0, tonumber(is[5]) }
  local bytes, at = 0, from
  while at < all[4] and bytes < 4194304 do
    local one = redis.call('HMGET', key, 'i:' .. at, 'x:' .. at)
    all[#all + 1] = one[1]
    all[#all + 1] = one[2] or ''
    bytes = bytes + #one[1] + #(one[2] or '')
    at = at + 1
  end
  return all
end
`;

/** After the shared arguments: lease, program, head, session or '', whether to take over, what lost calls become. `1` is held, `2` of another program. */
export const OPEN: string = `${WRITING}${SHOWN}
local lease, program, head, session, takeOver, lost = ARGV[8], ARGV[9], ARGV[10], ARGV[11], ARGV[12], ARGV[13]
local known = isKnown(member)
if known then
  local is = call('HMGET', run, 'owner', 'until', 'program')
  local held = is[1] and tonumber(is[2]) > now
  if held and is[1] ~= owner and takeOver ~= '1' then return { 1, tonumber(is[2]) - now } end
  if is[3] ~= program then return { 2 } end
  if held and is[1] == owner then return { 0, shown(run, 0) } end
end
local bytes = 0
if not known then
  call('HSET', run, 'head', head, 'program', program, 'count', 0, 'size', 0)
  if session ~= '' then call('HSET', index, 's:' .. member, session) end
  bytes = #head
end
bytes = bytes + lose(lost)
call('HDEL', run, 'end')
local seq = call('HINCRBY', index, 'seq', 1)
call('HSET', run, 'owner', owner, 'lease', lease, 'until', whole(now + tonumber(lease)), 'seq', seq)
call('ZADD', order, seq, member)
local of = call('HGET', index, 's:' .. member)
if of then call('ZADD', base .. 'session:' .. of, seq, member) end
grow(bytes)
for _, one in ipairs(call('ZRANGE', order, 0, 9)) do isKnown(one) end
evict()
return { 0, shown(run, 0) }`;

/** After the shared arguments: the name of the entry, what is meant. `-1`: another holds the run. */
export const INTEND: string = `${WRITING}
if not isKnown(member) or call('HGET', run, 'owner') ~= owner then return -1 end
local once = call('HGET', run, 'n:' .. ARGV[8])
if once then return tonumber(once) end
local at = call('HINCRBY', run, 'count', 1) - 1
call('HSET', run, 'i:' .. at, ARGV[9], 'w:' .. at, owner, 'n:' .. ARGV[8], at)
alive()
grow(#ARGV[9])
return at`;

/** After the shared arguments: the number of the call, how it ended. `-1`: the owner has no such call. */
export const SETTLE: string = `${WRITING}
local at = ARGV[8]
if not isKnown(member) or call('HGET', run, 'w:' .. at) ~= owner then return -1 end
evenIfFull()
local was = call('HGET', run, 'x:' .. at) or ''
local bytes = 0
if was == '' or string.sub(was, 1, 1) == 'u' then
  call('HSET', run, 'x:' .. at, ARGV[9])
  bytes = #ARGV[9] - #was
end
if call('HGET', run, 'owner') == owner then alive() end
grow(bytes)
evict()
return 0`;

/** After the shared arguments: the name of the entry; of each call what was meant and how it ended. `-1`: another holds the run. */
export const RECORD: string = `${WRITING}
if not isKnown(member) or call('HGET', run, 'owner') ~= owner then return -1 end
if call('HSETNX', run, 'n:' .. ARGV[8], 1) == 0 then return 0 end
local bytes = 0
for i = 9, #ARGV, 2 do
  local at = call('HINCRBY', run, 'count', 1) - 1
  call('HSET', run, 'i:' .. at, ARGV[i], 'w:' .. at, owner, 'x:' .. at, ARGV[i + 1])
  bytes = bytes + #ARGV[i] + #ARGV[i + 1]
end
alive()
grow(bytes)
evict()
return 0`;

/** After the shared arguments: how it ended or '', what lost calls become. */
export const CLOSE: string = `${WRITING}
if not isKnown(member) or call('HGET', run, 'owner') ~= owner then return 0 end
evenIfFull()
local bytes = lose(ARGV[9])
call('HDEL', run, 'owner')
if ARGV[8] ~= '' then call('HSET', run, 'end', ARGV[8]) end
grow(bytes + #ARGV[8])
evict()
return 0`;

/** The key of a run; the time, the first call to give. Nothing where there is none. */
export const READ: string = `${SCRIPT_NOW}${SHOWN}
local ends = redis.call('HGET', KEYS[1], 'expires')
if not ends or tonumber(ends) <= now then return false end
return shown(KEYS[1], tonumber(ARGV[2]))`;

/** The key of an order; the time, the base of keys, the highest count, how many. One more than these tells that there are more. */
export const LIST: string = `${SCRIPT_NOW}
local base, from, limit = ARGV[2], ARGV[3], tonumber(ARGV[4])
local found = {}
while #found <= limit do
  local some = redis.call('ZREVRANGEBYSCORE', KEYS[1], from, '-inf', 'WITHSCORES', 'LIMIT', 0, limit + 1)
  if #some == 0 then break end
  from = '(' .. some[#some]
  for at = 1, #some, 2 do
    local is = redis.call('HMGET', base .. 'run:' .. some[at], 'head', 'end', 'owner', 'until', 'count', 'seq', 'expires')
    if is[7] and tonumber(is[7]) > now and #found <= limit then
      local held = is[3] and tonumber(is[4]) > now
      found[#found + 1] = { is[1], is[2] or '', held and 1 or 0, tonumber(is[5]), is[6] }
    end
  end
end
return found`;
