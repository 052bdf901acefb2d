import * as z from "zod";

/** How fronts give their programs to workers. */
export interface QueueSettings {
  /** Whether `serve` does. Default true, where there is the block at all. */
  readonly enabled?: boolean;
  /** Runs that may wait for a worker, of all tenants. Default 1,000. */
  readonly maxWaiting?: number;
  /** Of one tenant. Default 100. */
  readonly maxWaitingPerTenant?: number;
  /** Bytes that those of all tenants may have, as JSON, while they wait. Default 256 MiB. */
  readonly maxWaitingBytes?: number;
  /** Of one tenant. Default 64 MiB. */
  readonly maxWaitingBytesPerTenant?: number;
  /** How long a run waits for a worker, in milliseconds. Default 30,000. */
  readonly maxWaitMs?: number;
  /** How many turns a tenant has for one of another. Default 1. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** One run may have so many: there is always room for one. */
const LEAST_BYTES = 16 * 1_048_576;
const MOST_BYTES = 2 ** 40;

/** Checks {@link QueueSettings}. */
export const QueueSettingsSchema: z.ZodType<QueueSettings> = z.strictObject({
  enabled: z.boolean().optional(),
  maxWaiting: z.int().min(1).max(10_000).optional(),
  maxWaitingPerTenant: z.int().min(1).max(10_000).optional(),
  maxWaitingBytes: z.int().min(LEAST_BYTES).max(MOST_BYTES).optional(),
  maxWaitingBytesPerTenant: z.int().min(LEAST_BYTES).max(MOST_BYTES).optional(),
  maxWaitMs: z.int().min(100).max(3_600_000).optional(),
  weights: z.record(z.string().min(1).max(256), z.number().min(0.01).max(100)).optional(),
}) as unknown as z.ZodType<QueueSettings>;
