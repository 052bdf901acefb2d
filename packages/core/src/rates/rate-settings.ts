import * as z from "zod";

/** What one session, or all of a tenant, may use. What is left out is not limited. */
export interface UsageRates {
  /** Programs begun in a minute. */
  readonly runsPerMinute?: number;
  /** Tool calls in a minute, of programs and without. */
  readonly callsPerMinute?: number;
  /** o200k_base tokens of programs and answers in a minute. */
  readonly tokensPerMinute?: number;
  /** o200k_base tokens of programs and answers in an hour. */
  readonly tokensPerHour?: number;
  /** Programs under way at once. */
  readonly runsAtOnce?: number;
}

/** Limits of use, as a configuration gives them. Default none. A call without a session is held by its tenant's limits alone. */
export interface RateSettings {
  readonly session?: UsageRates;
  readonly tenant?: UsageRates;
}

const amount = z.int().min(1).max(1_000_000_000).optional();
const rates = z.strictObject({
  runsPerMinute: amount,
  callsPerMinute: amount,
  tokensPerMinute: amount,
  tokensPerHour: amount,
  runsAtOnce: z.int().min(1).max(10_000).optional(),
});

/** Checks the `rates` block of a configuration. */
export const RateSettingsSchema: z.ZodType<RateSettings> = z.strictObject({
  session: rates.optional(),
  tenant: rates.optional(),
}) as unknown as z.ZodType<RateSettings>;
