import type { RateWindowFactory } from "@mcp-optimizer/contracts";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { RedisLink } from "../link/redis-link.ts";
import { limiterClient } from "./limiter-client.ts";

/** Settings of {@link createRedisRateWindows}. */
export interface RedisRateWindowsOptions {
  readonly link: RedisLink;
}

// Both are given by the limiter: what is added, the seconds of a window, and how much it has. They answer what is used then, and for how long.
/** Adds nothing where it would be too much: a process that dies between counting and giving back would keep others out. */
const TAKE = `
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
local ms = redis.call('PTTL', KEYS[1])
local whole = ms < 0 and ARGV[2] * 1000 or ms
if used + ARGV[1] > tonumber(ARGV[3]) then return { used + ARGV[1], whole } end
redis.call('INCRBY', KEYS[1], ARGV[1])
if ms < 0 then redis.call('PEXPIRE', KEYS[1], whole) end
return { used + ARGV[1], whole }`;
/** Gives back no more than is used: what was taken in a window that is over is no gain in the next. */
const COUNT = `
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
local ms = redis.call('PTTL', KEYS[1])
local whole = ms < 0 and ARGV[2] * 1000 or ms
local now = math.max(0, used + ARGV[1])
if now ~= used then
  redis.call('INCRBY', KEYS[1], now - used)
  if ms < 0 then redis.call('PEXPIRE', KEYS[1], whole) end
end
return { now, whole }`;

/**
 * Windows that all processes count in together, by Redis's own time: counts go by themselves when their time is over. While Redis is away, all
 * that is asked of them rejects with `store_unavailable`: nothing is let through uncounted.
 */
export function createRedisRateWindows({ link }: RedisRateWindowsOptions): RateWindowFactory {
  return ({ name, amount, seconds }) => {
    const limiter = (customIncrTtlLuaScript: string): RateLimiterRedis =>
      new RateLimiterRedis({
        storeClient: limiterClient(link),
        keyPrefix: "",
        points: amount,
        duration: seconds,
        customIncrTtlLuaScript,
      });
    const taking = limiter(TAKE);
    const counting = limiter(COUNT);
    const keyOf = (key: string): string => link.key(`rate:${key}`, name);
    return {
      async take(key, asked) {
        try {
          await taking.consume(keyOf(key), asked);
          return 0;
        } catch (refusal) {
          if (!(refusal instanceof RateLimiterRes)) throw refusal;
          return Math.max(1, refusal.msBeforeNext);
        }
      },
      async giveBack(key, taken) {
        await counting.reward(keyOf(key), taken);
      },
      async note(key, used) {
        await counting.penalty(keyOf(key), used);
      },
      async usedUpFor(key) {
        const used = await counting.get(keyOf(key));
        return used === null || used.remainingPoints > 0 ? 0 : Math.max(1, used.msBeforeNext);
      },
    };
  };
}
