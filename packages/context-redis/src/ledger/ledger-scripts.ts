// Keys: the entries, the lists of sessions, the sums of days, and when it was last looked whether something is old.

/** How many entries there are, and when it was looked last: at first, now. */
const STATE = `
local function state(now, idle)
  redis.call('SET', KEYS[4], now, 'NX', 'PX', idle)
  for at = 1, 4 do redis.call('PEXPIRE', KEYS[at], idle) end
  return { redis.call('HLEN', KEYS[1]) + redis.call('HLEN', KEYS[2]), redis.call('GET', KEYS[4]) }
end
`;

/** The fifth key tells whether these entries were added before, by a call whose answer was lost. */
export const APPEND: string = `${STATE}
if redis.call('SET', KEYS[5], 1, 'NX', 'PX', ARGV[3]) then
  for at = 4, #ARGV, 4 do
    local before = redis.call('HGET', KEYS[1], ARGV[at]) or '0 0 0'
    local count, tokens, estimated = before:match('(%S+) (%S+) (%S+)')
    redis.call('HSET', KEYS[1], ARGV[at], string.format('%.17g %.17g %.17g',
      count + ARGV[at + 1], tokens + ARGV[at + 2], estimated + ARGV[at + 3]))
  end
end
return state(ARGV[1], ARGV[2])`;

/** Replaces the lists of a session; an empty text takes them out. */
export const SET_LISTS: string = `${STATE}
if ARGV[4] == '' then redis.call('HDEL', KEYS[2], ARGV[3]) else redis.call('HSET', KEYS[2], ARGV[3], ARGV[4]) end
return state(ARGV[1], ARGV[2])`;

/** All there is, as of one moment. */
export const READ: string = `
return { redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3]) }`;

/** Moves units to the sums of their days, each as a whole or, where it has changed since it was read, not at all. */
export const FOLD: string = `
local function unchanged(from)
  for _, one in ipairs(from) do
    if redis.call('HGET', KEYS[one[1]], one[2]) ~= one[3] then return false end
  end
  return true
end
for _, unit in ipairs(cjson.decode(ARGV[1])) do
  if unchanged(unit.from) then
    for _, one in ipairs(unit.from) do redis.call('HDEL', KEYS[one[1]], one[2]) end
    for _, sum in ipairs(unit.to) do
      local before = redis.call('HGET', KEYS[3], sum[1])
      local count, tokens, estimated, first, last = sum[2], sum[3], sum[4], sum[5], sum[6]
      if before then
        local c, t, e, f, l = before:match('(%S+) (%S+) (%S+) (%S+) (%S+)')
        count, tokens, estimated = count + c, tokens + t, estimated + e
        first, last = math.min(first, f), math.max(last, l)
      end
      redis.call('HSET', KEYS[3], sum[1], string.format('%.17g %.17g %.17g %.17g %.17g',
        count, tokens, estimated, first, last))
    end
  end
end
if redis.call('EXISTS', KEYS[3]) == 1 then redis.call('PEXPIRE', KEYS[3], ARGV[2]) end`;
