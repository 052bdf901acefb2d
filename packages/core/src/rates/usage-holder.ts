import {
  OptimizerError,
  type ErrorCode,
  type RateWindow,
  type RateWindowFactory,
  type RunPlaces,
} from "@mcp-optimizer/contracts";
import type { UsageRates } from "./rate-settings.ts";

/** Who uses something. */
export interface UsageOwner {
  readonly tenant: string;
  /** Who of the tenant it is. Default: the tenant's name. */
  readonly principal?: string | undefined;
  /** Without it, the tenant's limits alone count. */
  readonly session?: string | undefined;
}

/** Takes back what was counted. */
export type Undo = () => Promise<void> | void;
type Windowed = Exclude<keyof UsageRates, "runsAtOnce">;

/** The limits of all sessions, or of all tenants. */
export interface UsageHolder {
  keyOf(owner: UsageOwner): string | undefined;
  /** Takes a place for so many milliseconds at most. */
  place(key: string, leaseMs: number): Promise<Undo>;
  take(limit: Windowed, key: string): Promise<Undo>;
  requireTokens(key: string): Promise<Undo>;
  spend(key: string, tokens: number): Promise<Undo>;
}

const SECONDS: Readonly<Record<Windowed, number>> = {
  runsPerMinute: 60,
  callsPerMinute: 60,
  tokensPerMinute: 60,
  tokensPerHour: 3_600,
};
const TOKENS = ["tokensPerMinute", "tokensPerHour"] as const;
const NOTHING: Undo = () => {};

/** Where use is counted. */
export interface UsageCounts {
  readonly createWindow: RateWindowFactory;
  readonly places: RunPlaces;
}

/** Makes a {@link UsageHolder}. */
export function createUsageHolder(
  whose: "session" | "tenant",
  rates: UsageRates,
  { createWindow, places }: UsageCounts,
): UsageHolder {
  const windows = new Map<Windowed, RateWindow>();
  for (const limit of Object.keys(SECONDS) as Windowed[]) {
    const amount = rates[limit];
    const name = `${whose}:${limit}`;
    if (amount !== undefined) windows.set(limit, createWindow({ name, amount, seconds: SECONDS[limit] }));
  }
  const refuse = (code: ErrorCode, limit: keyof UsageRates, retryAfterMs: number): OptimizerError =>
    usageError(code, whose, limit, rates[limit]!, retryAfterMs);
  return {
    // Clients give sessions names, and nobody uses up what another's session of that name may have.
    keyOf({ tenant, principal = tenant, session }) {
      if (whose === "tenant") return tenant;
      return session === undefined ? undefined : JSON.stringify([tenant, principal, session]);
    },
    async place(key, leaseMs) {
      const { runsAtOnce } = rates;
      if (runsAtOnce === undefined) return NOTHING;
      const giveBack = await places.take(`${whose}:${key}`, runsAtOnce, leaseMs);
      if (giveBack === undefined) throw refuse("concurrency_limit", "runsAtOnce", 1_000);
      return giveBack;
    },
    async take(limit, key) {
      const window = windows.get(limit);
      if (window === undefined) return NOTHING;
      const wait = await window.take(key, 1);
      if (wait > 0) throw refuse("rate_limit", limit, wait);
      return () => window.giveBack(key, 1);
    },
    async requireTokens(key) {
      for (const limit of TOKENS) {
        const wait = (await windows.get(limit)?.usedUpFor(key)) ?? 0;
        if (wait > 0) throw refuse("token_limit", limit, wait);
      }
      return NOTHING;
    },
    async spend(key, tokens) {
      for (const limit of TOKENS) await windows.get(limit)?.note(key, tokens);
      return NOTHING;
    },
  };
}

const WORDS: Readonly<Record<keyof UsageRates, string>> = {
  runsPerMinute: "runs a minute",
  callsPerMinute: "tool calls a minute",
  tokensPerMinute: "tokens a minute",
  tokensPerHour: "tokens an hour",
  runsAtOnce: "runs at once",
};

function usageError(
  code: ErrorCode,
  whose: "session" | "tenant",
  limit: keyof UsageRates,
  allowed: number,
  retryAfterMs: number,
): OptimizerError {
  const retryAfter = Math.ceil(retryAfterMs / 1_000);
  return new OptimizerError(code, {
    detail: `a ${whose} may have ${allowed} ${WORDS[limit]} (rates.${whose}.${limit}); try again in ${retryAfter} s`,
    data: { limit: `rates.${whose}.${limit}`, allowed, retryAfterMs, retryAfter },
  });
}
