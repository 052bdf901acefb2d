import type { RateWindow, RateWindowOptions } from "@mcp-optimizer/contracts";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** A window that counts in memory. */
export function createMemoryRateWindow({ name, amount, seconds }: RateWindowOptions): RateWindow {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points: amount, duration: seconds });
  /** What was counted in a window that is over is no gain in the next. */
  const giveBack = async (key: string, taken: number): Promise<void> => {
    if ((await limiter.get(key)) !== null) await limiter.reward(key, taken);
  };
  return {
    async take(key, asked) {
      try {
        await limiter.consume(key, asked);
        return 0;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        // The limiter counts what it refuses, too.
        await giveBack(key, asked);
        return Math.max(1, Math.ceil(refusal.msBeforeNext));
      }
    },
    giveBack,
    async note(key, used) {
      await limiter.penalty(key, used);
    },
    async usedUpFor(key) {
      const used = await limiter.get(key);
      if (used === null || used.remainingPoints > 0) return 0;
      return Math.max(1, Math.ceil(used.msBeforeNext));
    },
  };
}
