import type { RateWindow } from "@mcp-optimizer/contracts";
import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";

/** A window that counts in memory. */
export function createMemoryRateWindow(options: {
  readonly name: string;
  readonly amount: number;
  readonly seconds: number;
}): RateWindow {
  const { name, amount, seconds } = options;
  return limiterWindow(new RateLimiterMemory({ keyPrefix: name, points: amount, duration: seconds }));
}

/** A window over a limiter of rate-limiter-flexible, of any store that it knows. A store that fails rejects with its own error. */
function limiterWindow(limiter: RateLimiterAbstract): RateWindow {
  return {
    async take(key, amount) {
      try {
        await limiter.consume(key, amount);
        return 0;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        // The limiter counts what it refuses, too.
        await limiter.reward(key, amount);
        return Math.max(1, Math.ceil(refusal.msBeforeNext));
      }
    },
    async giveBack(key, amount) {
      await limiter.reward(key, amount);
    },
    async note(key, amount) {
      await limiter.penalty(key, amount);
    },
    async usedUpFor(key) {
      const used = await limiter.get(key);
      if (used === null || used.remainingPoints > 0) return 0;
      return Math.max(1, Math.ceil(used.msBeforeNext));
    },
  };
}
