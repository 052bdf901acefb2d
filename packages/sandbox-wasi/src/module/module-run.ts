import type { GuestFailure, GuestUsage } from "@mcp-optimizer/contracts";
import type { ModuleLimits } from "./module-messages.ts";

/** What a module is run with. It sees this and nothing else: no path, variable or descriptor of the host. */
export interface ModuleRunOptions {
  /** Its arguments, without its own name. */
  readonly args?: readonly string[];
  /** Its own name, the first argument that it sees. Default `program`. */
  readonly name?: string;
  /** Its environment. Default none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard input, as long as `limits.diskBytes` at most. Default empty. */
  readonly stdin?: Uint8Array | string;
  /** Files of its file system by their path from the root `/`, which it has open: a map, or `Object.entries` of an object. */
  readonly files?: Iterable<readonly [path: string, content: Uint8Array | string]>;
  /** Lower or higher limits. Default: those of `DEFAULT_RUN_LIMITS`, and 16 MiB of output. */
  readonly limits?: Partial<ModuleLimits>;
  readonly signal?: AbortSignal;
}

/** What a module wrote to one of its outputs. */
export interface ModuleOutput {
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8. */
  text(): string;
}

/** How a run of a module ended. One that trapped, or hit a limit, is an outcome too, not a rejection. */
export interface ModuleOutcome {
  /** What it gave to `proc_exit`, 0 when `_start` returned. Absent when it failed. */
  readonly exitCode?: number;
  /**
   * Why it has no exit code: `program_failed` (a trap), `cpu_limit`, `timeout`, `memory_limit`, `output_limit`,
   * `cancelled` or `shutting_down`.
   */
  readonly failure?: GuestFailure;
  readonly stdout: ModuleOutput;
  readonly stderr: ModuleOutput;
  /** Files that it made, changed or moved, by their path without a leading slash. Empty when its thread had to be ended. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly usage: GuestUsage;
}

/** Runs WebAssembly modules that others built. */
export interface ModuleRunner {
  /**
   * Runs the `_start` of a preview1 command. Rejects with `invalid_params` when the module or the options are not fit
   * to run, with `sandbox_unavailable`, or with `shutting_down` before it started.
   */
  run(module: Uint8Array, options?: ModuleRunOptions): Promise<ModuleOutcome>;
}
