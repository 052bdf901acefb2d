import type { ModuleMessage, ModuleResult } from "../module/module-messages.ts";

/** What a worker is started with. */
export interface WorkerSettings {
  readonly module: WebAssembly.Module;
  readonly harness: string;
  /** A new instance for each run instead of a reset. */
  readonly freshInstance: boolean;
  /** One reset in so many is checked byte for byte. */
  readonly verifyEvery: number;
  /** Synthetic runs at the start. */
  readonly warmUpRuns: number;
  /** Two numbers: the generation of the run that shall stop, and 1 while a module sleeps. */
  readonly stopFlag: SharedArrayBuffer;
}

/** A program to run. Its generation marks everything that is said of it. */
export interface RunMessage {
  readonly kind: "run";
  readonly generation: number;
  readonly source: string;
  /** For `start` of the harness. */
  readonly start: string;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly memoryBytes: number;
  /** Bytes of one frame at most. */
  readonly frameBytes: number;
  /** The module whose memory maximum fits; absent when it is the one of the last run. */
  readonly module?: WebAssembly.Module;
}

/** What the host tells a worker. */
export type ToWorker =
  | RunMessage
  | ModuleMessage
  /** Answers to calls, for `deliver` of the harness. */
  | { readonly kind: "deliver"; readonly generation: number; readonly answers: string }
  /** Ends a run that waits. One that computes sees the stop flag. */
  | { readonly kind: "stop"; readonly generation: number };

/** Why a worker ended a run before the program did. */
export type StopReason =
  | "cpu_limit"
  | "timeout"
  | "memory_limit"
  | "output_limit"
  | "too_deep"
  | "harness_failed"
  | "trapped"
  | "stopped";

/** What a worker tells the host. */
export type FromWorker =
  | { readonly kind: "ready" }
  /** The frames of one turn. `over` says that no more come, `stopped` why when it was not the program's end. */
  | {
      readonly kind: "frames";
      readonly generation: number;
      readonly frames: readonly string[];
      readonly over: boolean;
      readonly stopped?: StopReason;
      readonly cpuMs: number;
      readonly memoryBytes: number;
    }
  /** A module starts; `cpuMs` is what the thread has used before. */
  | { readonly kind: "module_started"; readonly generation: number; readonly cpuMs: number }
  | ModuleResult
  /** A reset left something behind: this worker must not run again. */
  | { readonly kind: "tainted" };
