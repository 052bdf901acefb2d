import type { RateWindowFactory } from "@mcp-optimizer/contracts";
import type { RateSettings } from "./rate-settings.ts";
import { createUsageHolder, type Undo, type UsageHolder, type UsageOwner } from "./usage-holder.ts";

/** Holds sessions and tenants to their limits. What it rejects with says which limit of whom, and when to try again. */
export interface UsageLimits {
  /** A run begins; `leave` tells its end. Rejects with `concurrency_limit`, `token_limit` or `rate_limit`, and nothing is counted then. */
  enter(owner: UsageOwner): Promise<{ readonly leave: () => void }>;
  /** A tool is about to be called. Rejects with `rate_limit`. */
  call(owner: UsageOwner): Promise<void>;
  /** Tokens were used. Never refused: what was used up keeps the next run from beginning. */
  spend(owner: UsageOwner, tokens: number): Promise<void>;
}

/** Holds nobody to anything. */
export const LIMITLESS: UsageLimits = {
  enter: async () => ({ leave: () => {} }),
  call: async () => {},
  spend: async () => {},
};

/** Makes {@link UsageLimits}. Windows count in memory unless a factory says where; runs at once are counted in this process. */
export async function createUsageLimits(
  settings: RateSettings = {},
  parts: { readonly createWindow?: RateWindowFactory } = {},
): Promise<UsageLimits> {
  const groups = (["session", "tenant"] as const).filter(
    (whose) => Object.values(settings[whose] ?? {}).length > 0,
  );
  if (groups.length === 0) return LIMITLESS;
  const createWindow = parts.createWindow ?? (await import("./limiter-window.ts")).createMemoryRateWindow;
  const holders = groups.map((whose) => createUsageHolder(whose, settings[whose]!, createWindow));
  const all = async (owner: UsageOwner, act: (holder: UsageHolder, key: string) => Promise<Undo>) => {
    const undo: Undo[] = [];
    try {
      for (const holder of holders) {
        const key = holder.keyOf(owner);
        if (key !== undefined) undo.push(await act(holder, key));
      }
    } catch (error) {
      await Promise.allSettled(undo.map(async (one) => await one()));
      throw error;
    }
    return undo;
  };
  return {
    async enter(owner) {
      const slots = await all(owner, async ({ slots }, key) => slots.take(key));
      let left = false;
      const leave = (): void => {
        if (!left) for (const give of slots) void give();
        left = true;
      };
      try {
        await all(owner, async (holder, key) => holder.requireTokens(key));
        await all(owner, async (holder, key) => holder.take("runsPerMinute", key));
      } catch (error) {
        leave();
        throw error;
      }
      return { leave };
    },
    async call(owner) {
      await all(owner, (holder, key) => holder.take("callsPerMinute", key));
    },
    async spend(owner, tokens) {
      await all(owner, (holder, key) => holder.spend(key, tokens));
    },
  };
}
