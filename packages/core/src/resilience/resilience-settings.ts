import * as z from "zod";

/** How calls get over the faults of their servers. */
export interface ResilienceSettings {
  /** How often a call that does no harm when repeated is made again. Default 2; 0 never. */
  readonly retries?: number;
  /** The longest wait before the first repetition, in milliseconds; it doubles with each. Half of it is left to chance. Default 200. */
  readonly backoffMs?: number;
  /** No wait is longer, in milliseconds. Default 2,000. */
  readonly maxBackoffMs?: number;
  /** Faults in a row after which a server is left alone. Default 5; 0 never. */
  readonly breakAfter?: number;
  /** How long it is left alone until one call tries it, in milliseconds. Default 10,000. */
  readonly halfOpenAfterMs?: number;
}

/** The defaults of {@link ResilienceSettings}. */
export const DEFAULT_RESILIENCE: Readonly<Required<ResilienceSettings>> = {
  retries: 2,
  backoffMs: 200,
  maxBackoffMs: 2_000,
  breakAfter: 5,
  halfOpenAfterMs: 10_000,
};

/** Checks the `resilience` block of a configuration. */
export const ResilienceSettingsSchema: z.ZodType<ResilienceSettings> = z.strictObject({
  retries: z.int().min(0).max(5).optional(),
  backoffMs: z.int().min(0).max(60_000).optional(),
  maxBackoffMs: z.int().min(0).max(60_000).optional(),
  breakAfter: z.int().min(0).max(1_000).optional(),
  halfOpenAfterMs: z.int().min(1).max(3_600_000).optional(),
}) as unknown as z.ZodType<ResilienceSettings>;
