import type { PlacedFile } from "./tree/place-files.ts";

/** Limits of one run of a module, all of them set. */
export interface ModuleLimits {
  /** CPU time in milliseconds, the compiler's included. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** The module's linear memory in bytes. */
  readonly memoryBytes: number;
  /** All files of the run together, those it is given included, in bytes. */
  readonly diskBytes: number;
  /** Descriptors open at once, the three streams and the root included. */
  readonly fileHandles: number;
  /** Standard output and error output together, in bytes. */
  readonly outputBytes: number;
}

/** A module to run. */
export interface ModuleMessage {
  readonly kind: "module";
  readonly generation: number;
  /** The binary, or what an earlier run compiled of it with the same memory limit. */
  readonly code: Uint8Array<ArrayBuffer> | WebAssembly.Module;
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly stdin: Uint8Array<ArrayBuffer>;
  readonly files: readonly PlacedFile[];
  readonly limits: ModuleLimits;
}

/** Why a run of a module has no exit code. */
export type ModuleFault =
  | "cpu_limit"
  | "timeout"
  | "memory_limit"
  | "output_limit"
  | "stopped"
  | "trapped"
  /** Nothing ran: the module or its options are not fit. */
  | "refused";

/** How a run of a module ended. */
export interface ModuleResult {
  readonly kind: "module";
  readonly generation: number;
  readonly exitCode?: number;
  readonly fault?: ModuleFault;
  /** Of `refused` what is wrong, of `trapped` the trap. */
  readonly detail?: string;
  readonly stdout: Uint8Array<ArrayBuffer>;
  readonly stderr: Uint8Array<ArrayBuffer>;
  readonly files: readonly PlacedFile[];
  /** What was compiled, when the run was given a binary. */
  readonly compiled?: WebAssembly.Module;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}
