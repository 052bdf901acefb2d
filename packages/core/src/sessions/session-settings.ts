import * as z from "zod";

/** How sessions live. */
export interface SessionSettings {
  /** How long a session lives after it was last used, in seconds. Default 3,600. */
  readonly ttlSeconds?: number;
  /** The folder in which the runs of each session that ended are written down. Default: they are not. */
  readonly archive?: string;
}

/** How long programs keep something in a session; how much of it, `features.contextSizeLimitKb` says. */
export interface ContextSettings {
  /** How long a value is kept that was set without a time of its own, in seconds. Default 300. */
  readonly ttlSeconds?: number;
}

/** The longest that a value may be kept, in seconds: thirty days. */
export const LONGEST_TTL_SECONDS = 2_592_000;

const seconds = z.int().min(1).max(LONGEST_TTL_SECONDS).optional();

/** Checks the `sessions` block of a configuration. */
export const SessionSettingsSchema: z.ZodType<SessionSettings> = z.strictObject({
  ttlSeconds: seconds,
  archive: z.string().min(1).max(4_096).optional(),
}) as unknown as z.ZodType<SessionSettings>;

/** Checks the `context` block of a configuration. */
export const ContextSettingsSchema: z.ZodType<ContextSettings> = z.strictObject({
  ttlSeconds: seconds,
}) as unknown as z.ZodType<ContextSettings>;
