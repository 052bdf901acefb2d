/** Redis's own time, so that processes need not agree on theirs; in milliseconds. */
export const NOW: string = `
local at = redis.call('TIME')
local now = at[1] * 1000 + math.floor(at[2] / 1000)
`;

/** Who waits, until when, and the sum of their bytes, which change together. The bytes of a job are the end of its id. */
export const WAITING: string = `
local function bytesOf(id) return tonumber(string.match(id, '%d+$')) end
local function enter(set, sum, id, till)
  if redis.call('ZADD', set, till, id) == 1 then redis.call('INCRBY', sum, bytesOf(id)) end
  redis.call('PEXPIRE', set, 86400000)
  redis.call('PEXPIRE', sum, 86400000)
end
local function leave(set, sum, id)
  if redis.call('ZREM', set, id) == 1 then redis.call('DECRBY', sum, bytesOf(id)) end
  if redis.call('EXISTS', set) == 0 then redis.call('DEL', sum) end
end
`;

/** The place of a tag in BullMQ, which has no more of them than that, once the first stands for the time that they begin at. */
const PLACE = `
local function placeOf(tag, from, last) return math.max(1, math.min(tag - from, last)) end
`;

/**
 * Lets a job in, or says why not, and gives it its place. Tenants take turns: a job's tag is the queue's time and a step for each job that its
 * tenant has waiting then, with this one; the step is the shorter the more its tenant weighs. A job that nobody waits for any more does not
 * count, and is told of. When the time is half through the places of BullMQ, they begin anew at it: whoever waits is moved, as one step.
 * KEYS: job, run, waiting and bytes of all and of the tenant, time, who waits in BullMQ.
 * ARGV: id, what it asks for, most waiting of all and of the tenant, most bytes of all and of the tenant, step, last place, milliseconds until
 * it has to be confirmed.
 */
export const ADMIT: string = `${NOW}${WAITING}${PLACE}
local known = redis.call('HMGET', KEYS[2], 'job', 'same')
if known[1] and known[2] == ARGV[2] then
  redis.call('HSET', KEYS[2], 'joined', 1)
  return {'joined', {}, known[1]}
end
local over = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)
local own
for i = 0, 1 do
  local set, sum = KEYS[3 + 2 * i], KEYS[4 + 2 * i]
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', now)) do leave(set, sum, id) end
  own = redis.call('ZCARD', set)
  if own >= tonumber(ARGV[3 + i]) then return {'full', over, i, own} end
  local bytes = tonumber(redis.call('GET', sum) or '0')
  if bytes + bytesOf(ARGV[1]) > tonumber(ARGV[5 + i]) then return {'full', over, 2 + i, bytes} end
end
local last = tonumber(ARGV[8])
local is = redis.call('HMGET', KEYS[7], 'at', 'from')
local time, from = tonumber(is[1] or '0'), tonumber(is[2] or '0')
if time - from > last / 2 then
  local jobs = redis.call('ZRANGE', KEYS[8], 0, -1, 'WITHSCORES')
  for i = 1, #jobs, 2 do
    local score = tonumber(jobs[i + 1])
    redis.call('ZADD', KEYS[8], math.max(score - (time - from) * 4294967296, score % 4294967296), jobs[i])
  end
  from = time
end
redis.call('HSET', KEYS[7], 'at', time, 'from', from)
redis.call('PEXPIRE', KEYS[7], 86400000)
local tag = time + (own + 1) * tonumber(ARGV[7])
for i = 3, 5, 2 do enter(KEYS[i], KEYS[i + 1], ARGV[1], now + ARGV[9]) end
redis.call('HSET', KEYS[1], 'tag', tag, 'from', from)
redis.call('PEXPIRE', KEYS[1], ARGV[9])
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'job', ARGV[1], 'same', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[9])
return {'admitted', over, placeOf(tag, from, last)}
`;

/**
 * The job is in the queue: it may wait for so long. Where the places began anew meanwhile, it gets its own now.
 * KEYS: job, run, waiting and bytes of all and of the tenant, time, who waits in BullMQ. ARGV: id, milliseconds, last place.
 */
export const CONFIRM: string = `${NOW}${PLACE}
if not redis.call('ZSCORE', KEYS[3], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[3], 'XX', now + ARGV[2], ARGV[1])
redis.call('ZADD', KEYS[5], 'XX', now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
local job = redis.call('HMGET', KEYS[1], 'tag', 'from')
local from = redis.call('HGET', KEYS[7], 'from')
local score = from and from ~= job[2] and redis.call('ZSCORE', KEYS[8], ARGV[1])
if score then
  local place = placeOf(tonumber(job[1]), tonumber(from), tonumber(ARGV[3]))
  redis.call('ZADD', KEYS[8], place * 4294967296 + tonumber(score) % 4294967296, ARGV[1])
end
return 1
`;

/** How a job stands, with its answer where there is one. KEYS: job, workers. */
export const LOOK: string = `${NOW}
local job = redis.call('HMGET', KEYS[1], 'tag', 'gone', 'answer', 'by')
if job[3] then return {'done', job[3]} end
if job[2] then return {'gone'} end
if not job[1] then return {'lost'} end
if not job[4] then return {'waiting'} end
local alive = tonumber(redis.call('ZSCORE', KEYS[2], job[4]) or '0')
if alive > now then return {'running', job[4]} end
return {'dead'}
`;

/**
 * Takes a job out that no living worker has. One that is under way is marked to be ended, where that is wanted.
 * KEYS: job, run, waiting and bytes of all and of the tenant, workers. ARGV: id, whether one under way is to be ended.
 */
export const WITHDRAW: string = `${NOW}${WAITING}
local job = redis.call('HMGET', KEYS[1], 'answer', 'by')
if job[1] then return {'done'} end
local alive = job[2] and tonumber(redis.call('ZSCORE', KEYS[7], job[2]) or '0') > now
if alive then
  if ARGV[2] == '1' then redis.call('HSET', KEYS[1], 'cancel', 1) end
  return {'running', job[2]}
end
redis.call('HSET', KEYS[1], 'gone', 1)
redis.call('PEXPIRE', KEYS[1], 60000)
for i = 3, 5, 2 do leave(KEYS[i], KEYS[i + 1], ARGV[1]) end
if redis.call('HGET', KEYS[2], 'job') == ARGV[1] then redis.call('DEL', KEYS[2]) end
return {'withdrawn'}
`;

/** Somebody has the answer: who asks for the run again asks anew. KEYS: job, run. ARGV: id, milliseconds that those who joined may still read it. */
export const COLLECT: string = `
local run = redis.call('HMGET', KEYS[2], 'job', 'joined')
local own = run[1] == ARGV[1]
if own then redis.call('DEL', KEYS[2]) end
if own and not run[2] then return redis.call('UNLINK', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

/** What workers that are alive can run. KEYS: workers, abilities. */
export const ABILITIES: string = `${NOW}
local known = {}
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')) do
  local able = redis.call('HGET', KEYS[2], worker)
  if able then table.insert(known, able) end
end
return known
`;
