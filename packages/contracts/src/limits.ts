import * as z from "zod";

/** Limits of one run. Configuration sets them; a request may only lower them. */
export interface RunLimits {
  /** CPU time in milliseconds. Default 30,000. */
  cpuMs: number;
  /** Wall-clock time in milliseconds, waiting for tools included. Default 30,000. */
  wallMs: number;
  /** Memory of the guest in bytes. Default 512 MiB. */
  memoryBytes: number;
  /** Console output kept, in bytes; an empty line is one. What is over is counted, not kept. Default 1 MiB. */
  consoleBytes: number;
  /** Tool calls in a run. Default 256. */
  calls: number;
  /** Tool calls under way at once; further ones wait their turn. Default 8. */
  callsAtOnce: number;
  /** JSON text of one call's arguments, in bytes. Default 1 MiB. */
  argumentBytes: number;
  /** JSON text of one call's result, in bytes. Default 64 MiB. */
  replyBytes: number;
  /** JSON text of the program's value, in bytes. Default 16 MiB. */
  valueBytes: number;
  /** Files that the guest writes, in bytes. Default 100 MiB. */
  diskBytes: number;
  /** Processes of the guest at once, its own included. Default 50. */
  processes: number;
  /** Open files of each process. Default 100. */
  fileHandles: number;
}

/** The limits that hold the guest itself, whatever its program does with its stream: what a process, container or VM is started with. */
export type GuestResources = Readonly<
  Pick<RunLimits, "cpuMs" | "memoryBytes" | "diskBytes" | "processes" | "fileHandles">
>;

/** The defaults of {@link RunLimits}. */
export const DEFAULT_RUN_LIMITS: Readonly<RunLimits> = {
  cpuMs: 30_000,
  wallMs: 30_000,
  memoryBytes: 512 * 1024 * 1024,
  consoleBytes: 1024 * 1024,
  calls: 256,
  callsAtOnce: 8,
  argumentBytes: 1024 * 1024,
  replyBytes: 64 * 1024 * 1024,
  valueBytes: 16 * 1024 * 1024,
  diskBytes: 100 * 1024 * 1024,
  processes: 50,
  fileHandles: 100,
};

const positive = z.int().min(1);

/** Checks a partial set of limits as a configuration or request gives it. */
export const RunLimitsSchema: z.ZodType<Partial<RunLimits>> = z.strictObject({
  cpuMs: positive.max(3_600_000).optional(),
  wallMs: positive.max(3_600_000).optional(),
  memoryBytes: positive
    .min(4 * 1024 * 1024)
    .max(4 * 1024 * 1024 * 1024 - 65_536)
    .optional(),
  consoleBytes: positive.max(64 * 1024 * 1024).optional(),
  calls: positive.max(100_000).optional(),
  callsAtOnce: positive.max(1_024).optional(),
  argumentBytes: positive.max(256 * 1024 * 1024).optional(),
  replyBytes: positive.max(256 * 1024 * 1024).optional(),
  valueBytes: positive.max(256 * 1024 * 1024).optional(),
  diskBytes: positive
    .min(1024 * 1024)
    .max(64 * 1024 * 1024 * 1024)
    .optional(),
  processes: positive.max(4_096).optional(),
  fileHandles: positive.min(32).max(65_536).optional(),
}) as unknown as z.ZodType<Partial<RunLimits>>;
