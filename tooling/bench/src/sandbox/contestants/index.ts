import type { ContestantEntry } from "../contestant.ts";
import { check } from "../script.ts";

/** Every sandbox that the benchmark knows. Each is opened in a process of its own. */
export const CONTESTANTS: readonly ContestantEntry[] = [
  {
    name: "sandbox-wasi",
    note: "WebAssembly guest in a worker, reset to an image",
    runs: 2_000,
    check,
    open: async () => (await import("./wasi.ts")).openWasi(false),
  },
  {
    name: "sandbox-wasi (freshInstance)",
    note: "the same, a new instance per run",
    runs: 500,
    check,
    open: async () => (await import("./wasi.ts")).openWasi(true),
  },
  {
    name: "isolated-vm",
    note: "a fresh V8 isolate in this process",
    runs: 300,
    check,
    open: async () => (await import("./isolated-vm.ts")).openIsolatedVm(),
  },
  {
    name: "@utcp/code-mode",
    note: "isolated-vm, calls one after another",
    runs: 200,
    check,
    open: async () => (await import("./utcp-code-mode.ts")).openUtcpCodeMode(),
  },
  {
    name: "new Function",
    note: "no isolation",
    runs: 3_000,
    check,
    open: async () => (await import("./new-function.ts")).openNewFunction(),
  },
];
