import { createWasiSandbox, type WasiSandboxOptions } from "./create-wasi-sandbox.ts";
import type { ModuleRunner } from "./module/module-run.ts";

/** A runner of modules with workers of its own. */
export interface WasmRunner extends ModuleRunner {
  /** Ends all runs and workers. Idempotent. */
  dispose(): Promise<void>;
}

/** Runs WebAssembly modules where no programs run. Beside programs, use `modules` of `createWasiSandbox`: it shares the workers. */
export function createWasmRunner(options: WasiSandboxOptions = {}): WasmRunner {
  const sandbox = createWasiSandbox({ warmUpRuns: 0, ...options });
  return { run: (...args) => sandbox.modules.run(...args), dispose: () => sandbox.dispose() };
}
