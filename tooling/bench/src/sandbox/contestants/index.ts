import type { SandboxName, SandboxSettings } from "@mcp-optimizer/sandbox";
import { SERVED_SETTINGS, type ContestantEntry } from "../contestant.ts";
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
  guests("seccomp", "a process in namespaces behind a filter of system calls", 60, 150),
  realms("seccomp", 500),
  guests("basic", "a process, no wall", 60, 150),
  guests("docker", "a container, runc", 16, 900),
  realms("docker", 300),
  guests("gvisor", "a container, gVisor on ptrace", 12, 1_500),
  realms("gvisor", 200),
  guests("firecracker", "a machine, QEMU without KVM", 5, 4_000),
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

/** A sandbox with ready guests, each for one program; `pauseMs` is time enough to have the next one ready. */
function guests(
  name: SandboxName,
  note: string,
  runs: number,
  pauseMs: number,
  settings: SandboxSettings = {},
): ContestantEntry {
  return {
    name: `sandbox ${name}`,
    note,
    runs,
    check,
    sandbox: name,
    open: async () =>
      (await import("./guests.ts")).openGuests(
        { backend: name, realms: false, ...settings, ...servedSettings() },
        pauseMs,
      ),
  };
}

/** The same sandbox with guests that serve many programs of a tenant. */
function realms(name: SandboxName, runs: number): ContestantEntry {
  const note = "the same, many programs of a tenant in one guest, each in a WebAssembly realm";
  return { ...guests(name, note, runs, 0, { realms: true }), name: `sandbox ${name} (realms)` };
}

/** What the parent started for this process. */
function servedSettings(): SandboxSettings {
  return JSON.parse(process.env[SERVED_SETTINGS] ?? "{}") as SandboxSettings;
}
