/** Redis's own time, so that processes need not agree on theirs; in milliseconds. */
export const NOW: string = `
local at = redis.call('TIME')
local now = at[1] * 1000 + math.floor(at[2] / 1000)
`;

/**
 * Lets a job in, or says why not, and gives it its place. Tenants take turns: a job's tag is what its tenant's last one had, or the queue's
 * time, plus a step that is the shorter the more its tenant weighs. A job that nobody waits for any more does not count.
 * KEYS: job, run, waiting, waiting of the tenant, time, tags.
 * ARGV: id, tenant, what it asks for, most waiting, most of the tenant, step, largest tag, milliseconds until it has to be confirmed.
 */
export const ADMIT: string = `${NOW}
local known = redis.call('HMGET', KEYS[2], 'job', 'same')
if known[1] and known[2] == ARGV[3] then
  redis.call('HSET', KEYS[2], 'joined', 1)
  return {'joined', known[1]}
end
for i = 3, 4 do redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now) end
local all = redis.call('ZCARD', KEYS[3])
if all >= tonumber(ARGV[4]) then return {'full', all} end
local own = redis.call('ZCARD', KEYS[4])
if own >= tonumber(ARGV[5]) then return {'fullForTenant', own} end
if all == 0 then redis.call('DEL', KEYS[5], KEYS[6]) end
local time = tonumber(redis.call('GET', KEYS[5]) or '0')
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', time)
local last = tonumber(redis.call('ZSCORE', KEYS[6], ARGV[2]) or '0')
local tag = math.min(math.max(time, last) + tonumber(ARGV[6]), tonumber(ARGV[7]))
redis.call('ZADD', KEYS[6], tag, ARGV[2])
for i = 3, 4 do
  redis.call('ZADD', KEYS[i], now + ARGV[8], ARGV[1])
end
for i = 3, 6 do redis.call('PEXPIRE', KEYS[i], 86400000) end
redis.call('HSET', KEYS[1], 'tag', tag)
redis.call('PEXPIRE', KEYS[1], ARGV[8])
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'job', ARGV[1], 'same', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[8])
return {'admitted', tag}
`;

/** The job is in the queue: it may wait for so long. KEYS: job, run, waiting, waiting of the tenant. ARGV: id, milliseconds. */
export const CONFIRM: string = `${NOW}
if not redis.call('ZSCORE', KEYS[3], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[3], 'XX', now + ARGV[2], ARGV[1])
redis.call('ZADD', KEYS[4], 'XX', now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
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
 * KEYS: job, run, waiting, waiting of the tenant, workers. ARGV: id, whether one under way is to be ended.
 */
export const WITHDRAW: string = `${NOW}
local job = redis.call('HMGET', KEYS[1], 'answer', 'by')
if job[1] then return {'done'} end
local alive = job[2] and tonumber(redis.call('ZSCORE', KEYS[5], job[2]) or '0') > now
if alive then
  if ARGV[2] == '1' then redis.call('HSET', KEYS[1], 'cancel', 1) end
  return {'running', job[2]}
end
redis.call('HSET', KEYS[1], 'gone', 1)
redis.call('PEXPIRE', KEYS[1], 60000)
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
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
