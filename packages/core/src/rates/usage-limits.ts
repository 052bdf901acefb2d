import type { Clock, Log, RateWindowFactory, RunPlaces } from "@mcp-optimizer/contracts";
import { systemClock } from "../system-clock.ts";
import { createMemoryRunPlaces } from "./memory-run-places.ts";
import type { RateSettings } from "./rate-settings.ts";
import { createUsageHolder, type Undo, type UsageHolder, type UsageOwner } from "./usage-holder.ts";

/** Holds sessions and tenants to their limits. What it rejects with says which limit of whom, and when to try again. */
export interface UsageLimits {
  /**
   * A run begins, which lasts so many milliseconds at most; `leave` tells its end. Rejects with `concurrency_limit`, `token_limit` or
   * `rate_limit`, and nothing is counted then; with `store_unavailable` where that cannot be known.
   */
  enter(owner: UsageOwner, leaseMs: number): Promise<{ readonly leave: () => void }>;
  /** A tool is about to be called. Rejects with `rate_limit`, or with `store_unavailable`. */
  call(owner: UsageOwner): Promise<void>;
  /** Tokens were used. Never refused: what was used up keeps the next run from beginning. */
  spend(owner: UsageOwner, tokens: number): Promise<void>;
}

/** Where use is counted; each in this process unless it is given. */
export interface UsageLimitsParts {
  readonly createWindow?: RateWindowFactory | undefined;
  readonly places?: RunPlaces | undefined;
  /** Default: the machine's. */
  readonly clock?: Pick<Clock, "elapsed">;
  /** Told of what could not be counted. Default: nobody is. */
  readonly log?: Log;
}

/** Holds nobody to anything. */
export const LIMITLESS: UsageLimits = {
  enter: async () => ({ leave: () => {} }),
  call: async () => {},
  spend: async () => {},
};

/** Makes {@link UsageLimits}. */
export async function createUsageLimits(
  settings: RateSettings = {},
  parts: UsageLimitsParts = {},
): Promise<UsageLimits> {
  const groups = (["session", "tenant"] as const).filter(
    (whose) => Object.values(settings[whose] ?? {}).length > 0,
  );
  if (groups.length === 0) return LIMITLESS;
  const { clock = systemClock, log = () => {} } = parts;
  const createWindow = parts.createWindow ?? (await import("./memory-rate-window.ts")).createMemoryRateWindow;
  const counts = { createWindow, places: parts.places ?? createMemoryRunPlaces({ clock }) };
  const holders = groups.map((whose) => createUsageHolder(whose, settings[whose]!, counts));
  const uncounted = (message: string) => (cause: unknown) => log({ level: "warn", message, cause });
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
    async enter(owner, leaseMs) {
      const places = await all(owner, (holder, key) => holder.place(key, leaseMs));
      let left = false;
      const leave = (): void => {
        const failed = uncounted("The place of a run could not be given back; it is free later");
        if (!left) for (const give of places) Promise.resolve(give()).catch(failed);
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
      // What has run is answered, also when it cannot be counted.
      const failed = uncounted("What a run used could not be counted");
      await all(owner, (holder, key) => holder.spend(key, tokens)).catch(failed);
    },
  };
}
