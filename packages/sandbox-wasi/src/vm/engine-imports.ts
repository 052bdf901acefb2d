import { randomFillSync } from "node:crypto";

/** What a realm's imports reach back to. */
export interface EngineHooks {
  /** Called every few thousand steps of the guest. True stops the program; throwing unwinds the engine. */
  interrupt(): boolean;
  /** A promise was rejected with nothing attached, or handled after all. Owns both pointers. */
  rejection(promise: number, reason: number, handled: boolean): void;
  memory(): WebAssembly.Memory;
  /** Milliseconds since the epoch. */
  now(): number;
}

const SUCCESS = 0;
const BAD_FILE = 8;
const NOT_SUPPORTED = 52;

/**
 * The whole of what a guest can reach: a clock, randomness, and the engine's own hooks. No file, no output,
 * no module, no function of ours that a program could call.
 */
export function engineImports(hooks: EngineHooks): WebAssembly.Imports {
  const refuse = (): never => {
    throw new Error("The guest called an import that no program can reach.");
  };
  return {
    env: {
      host_call: refuse,
      host_interrupt: () => (hooks.interrupt() ? 1 : 0),
      host_promise_rejection: (promise: number, reason: number, handled: number) => {
        hooks.rejection(promise, reason, handled !== 0);
      },
      host_module_normalize: refuse,
      host_module_load: refuse,
      host_get_timezone_offset: () => 0,
    },
    wasi_snapshot_preview1: {
      clock_time_get: (_id: number, _precision: bigint, out: number) => {
        const nanoseconds = BigInt(Math.floor(hooks.now())) * 1_000_000n;
        new DataView(hooks.memory().buffer).setBigUint64(out, nanoseconds, true);
        return SUCCESS;
      },
      random_get: (out: number, length: number) => {
        randomFillSync(new Uint8Array(hooks.memory().buffer, out, length));
        return SUCCESS;
      },
      fd_write: () => BAD_FILE,
      fd_close: () => NOT_SUPPORTED,
      fd_fdstat_get: () => BAD_FILE,
      fd_seek: () => NOT_SUPPORTED,
    },
  };
}
