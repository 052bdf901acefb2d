import { randomFillSync } from "node:crypto";
import { WasiError } from "./errno.ts";
import type { ModuleHost } from "./module-host.ts";
import type { Calls } from "./signatures.ts";

/** Random bytes between two looks at the limits. */
const RANDOM_SLICE = 1024 * 1024;
const NANOSECONDS = 1_000_000n;

type Names =
  | "args_get"
  | "args_sizes_get"
  | "environ_get"
  | "environ_sizes_get"
  | "clock_res_get"
  | "clock_time_get"
  | "proc_exit"
  | "proc_raise"
  | "sched_yield"
  | "random_get";

/** Arguments, environment, clocks, randomness and the end. */
export function processCalls(host: ModuleHost): Calls<Names> {
  const { memory } = host;
  const lists = { args: host.options.args, env: host.options.env };
  const started = performance.now();
  const sizes = (list: readonly string[], countAt: number, bytesAt: number): void => {
    const bytes = list.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
    memory.setU32(countAt, list.length);
    memory.setU32(bytesAt, bytes);
  };
  const write = (list: readonly string[], pointersAt: number, bytesAt: number): void => {
    let at = bytesAt;
    for (const [index, text] of list.entries()) {
      const bytes = Buffer.from(`${text}\0`);
      memory.setU32(pointersAt + 4 * index, at);
      memory.bytes(at, bytes.length).set(bytes);
      at += bytes.length;
    }
  };
  return {
    args_get: (pointersAt, bytesAt) => write(lists.args, pointersAt, bytesAt),
    args_sizes_get: (countAt, bytesAt) => sizes(lists.args, countAt, bytesAt),
    environ_get: (pointersAt, bytesAt) => write(lists.env, pointersAt, bytesAt),
    environ_sizes_get: (countAt, bytesAt) => sizes(lists.env, countAt, bytesAt),
    clock_res_get: (clock, out) => {
      checkClock(clock);
      memory.setU64(out, NANOSECONDS);
    },
    // Whole milliseconds: no finer clock than a program of the other kind has.
    clock_time_get: (clock, _precision, out) => {
      checkClock(clock);
      memory.setU64(out, clockTime(clock, started));
    },
    proc_exit: (code) => host.exit(code),
    proc_raise: () => {
      throw new WasiError("notSupported");
    },
    sched_yield: () => host.checkLimits(),
    random_get: (address, length) => {
      const bytes = memory.bytes(address, length);
      for (let at = 0; at < length; at += RANDOM_SLICE) {
        randomFillSync(bytes.subarray(at, at + RANDOM_SLICE));
        host.checkLimits();
      }
    },
  };
}

/** Nanoseconds of a clock. The CPU clocks of the module read as the time since its start. */
export function clockTime(clock: number, started: number): bigint {
  const ms = clock === 0 ? Date.now() : clock === 1 ? performance.now() : performance.now() - started;
  return BigInt(Math.floor(ms)) * NANOSECONDS;
}

function checkClock(clock: number): void {
  if (clock > 3) {
    throw new WasiError("invalid");
  }
}
