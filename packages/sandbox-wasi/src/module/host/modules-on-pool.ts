import { OptimizerError, type Clock, type ErrorCode } from "@mcp-optimizer/contracts";
import { asFailure } from "@mcp-optimizer/sandbox-guest";
import type { WorkerPool } from "../../pool/worker-pool.ts";
import type { ModuleMessage } from "../module-messages.ts";
import type { ModuleOutcome, ModuleRunner, ModuleRunOptions } from "../module-run.ts";
import { ModuleCache } from "./module-cache.ts";
import { ModuleExecution } from "./module-execution.ts";
import { moduleRequest } from "./module-request.ts";

/** What runs modules, and ends them. */
export interface PooledModuleRunner extends ModuleRunner {
  /** Ends every run. */
  shutDown(): void;
}

/** Runs modules on the workers that run programs too. */
export function modulesOnPool(pool: WorkerPool, clock: Clock, mostModuleBytes: number): PooledModuleRunner {
  const cache = new ModuleCache();
  const running = new Set<ModuleExecution>();

  const run = async (binary: Uint8Array, options: ModuleRunOptions = {}): Promise<ModuleOutcome> => {
    const { signal } = options;
    if (!(binary instanceof Uint8Array)) {
      throw new OptimizerError("invalid_params", { detail: "a module is given as bytes" });
    }
    if (binary.length > mostModuleBytes) {
      const detail = `the module takes ${binary.length} bytes; at most ${mostModuleBytes} are taken`;
      throw new OptimizerError("invalid_params", { detail });
    }
    const request = moduleRequest(options);
    const { memoryBytes } = request.limits;
    let key = await cache.key(binary, memoryBytes);
    let code: ModuleMessage["code"] | undefined = cache.get(key);
    if (code === undefined) {
      // What is compiled must be what the key says, even if the caller writes to its bytes meanwhile.
      const copy = new Uint8Array(binary);
      key = await cache.key(copy, memoryBytes);
      code = copy;
    }
    let worker;
    try {
      worker = await pool.acquire(signal);
    } catch (error) {
      if (signal?.aborted === true) {
        return notRun("cancelled");
      }
      throw error;
    }
    const execution = new ModuleExecution({
      worker,
      clock,
      request,
      code: cache.get(key) ?? code,
      compiled: (module) => cache.set(key, module, binary.length),
    });
    const onAbort = (): void => execution.stop("cancelled");
    running.add(execution);
    signal?.addEventListener("abort", onAbort);
    try {
      const outcome = execution.start();
      if (signal?.aborted === true) {
        onAbort();
      }
      return await outcome;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      running.delete(execution);
      pool.release(worker);
    }
  };

  return {
    run,
    shutDown: () => {
      cache.clear();
      for (const execution of running) {
        execution.stop("shutting_down");
      }
    },
  };
}

function notRun(code: ErrorCode): ModuleOutcome {
  const none = { bytes: new Uint8Array(), text: () => "" };
  return {
    failure: asFailure(new OptimizerError(code)),
    stdout: none,
    stderr: none,
    files: new Map(),
    usage: { cpuMs: 0, wallMs: 0 },
  };
}
