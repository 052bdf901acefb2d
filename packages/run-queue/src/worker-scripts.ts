import { NOW, WAITING } from "./front-scripts.ts";

/**
 * A worker takes a job. Nobody waits any more for one that is too old and was never begun, and one that too many workers died of is given up.
 * KEYS: job, run, waiting and bytes of all and of the tenant, time. ARGV: id, worker, most attempts, the answer of one that is given up,
 * milliseconds that an answer is kept.
 */
export const TAKE: string = `${NOW}${WAITING}
local job = redis.call('HMGET', KEYS[1], 'tag', 'gone', 'answer', 'taken', 'back', 'cancel')
if job[2] or job[3] or not job[1] then return {'over'} end
local taken = tonumber(job[4] or '0') + 1
local until_ = tonumber(redis.call('ZSCORE', KEYS[3], ARGV[1]) or '0')
for i = 3, 5, 2 do leave(KEYS[i], KEYS[i + 1], ARGV[1]) end
if taken == 1 and until_ < now then
  redis.call('HSET', KEYS[1], 'gone', 1)
  return {'over'}
end
local deaths = taken - 1 - tonumber(job[5] or '0')
if deaths >= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[1], 'answer', ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
  return {'over'}
end
redis.call('HSET', KEYS[1], 'taken', taken, 'by', ARGV[2])
redis.call('PEXPIRE', KEYS[1], 86400000)
redis.call('PEXPIRE', KEYS[2], 86400000)
local time = tonumber(redis.call('HGET', KEYS[7], 'at') or '0')
if tonumber(job[1]) > time then redis.call('HSET', KEYS[7], 'at', job[1]) end
redis.call('PEXPIRE', KEYS[7], 86400000)
return {'taken', taken, job[6] or '0'}
`;

/** The answer of whoever took the job last. KEYS: job, run. ARGV: which taking it was, the answer, milliseconds that it is kept. */
export const FINISH: string = `
if redis.call('HGET', KEYS[1], 'taken') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'answer', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
`;

/**
 * The job is for another worker, unless it is over. KEYS: job, waiting and bytes of all and of the tenant. ARGV: which taking it was, id,
 * milliseconds that it may wait.
 */
export const GIVE_BACK: string = `${NOW}${WAITING}
local job = redis.call('HMGET', KEYS[1], 'taken', 'gone', 'answer')
if job[1] ~= ARGV[1] or job[2] or job[3] then return 0 end
redis.call('HDEL', KEYS[1], 'by')
redis.call('HINCRBY', KEYS[1], 'back', 1)
for i = 2, 4, 2 do enter(KEYS[i], KEYS[i + 1], ARGV[2], now + ARGV[3]) end
return 1
`;

/**
 * A worker is alive. Gives how many jobs wait, and those of its own, counted from 1, that are not wanted any more, or not its own.
 * KEYS: workers, abilities, waiting, jobs. ARGV: worker, milliseconds that it lives, what it can run, which taking each job was.
 */
export const BEAT: string = `${NOW}
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[1], dead)
  redis.call('HDEL', KEYS[2], dead)
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
redis.call('PEXPIRE', KEYS[1], 86400000)
redis.call('PEXPIRE', KEYS[2], 86400000)
local unwanted = {}
for i = 4, #KEYS do
  local job = redis.call('HMGET', KEYS[i], 'taken', 'cancel', 'gone')
  if job[2] or job[3] or job[1] ~= ARGV[i] then table.insert(unwanted, i - 3) end
end
return {redis.call('ZCOUNT', KEYS[3], now, '+inf'), unwanted}
`;

/** A worker goes. KEYS: workers, abilities. ARGV: worker. */
export const LEAVE: string = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
`;
