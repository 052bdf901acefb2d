import type {
  Clock,
  Enforcement,
  LeaseRequest,
  Log,
  SandboxBackend,
  SandboxBound,
} from "@mcp-optimizer/contracts";
import { readHarness, systemClock } from "@mcp-optimizer/sandbox-guest";
import { access } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { modulesOnPool } from "./module/host/modules-on-pool.ts";
import type { ModuleRunner } from "./module/module-run.ts";
import { EngineModules, enginePath, engineVersion } from "./pool/engine-modules.ts";
import { WorkerPool } from "./pool/worker-pool.ts";
import { WasiLease } from "./wasi-lease.ts";

/** How the embedded sandbox is set up. Everything has a default. */
export interface WasiSandboxOptions {
  /** Worker threads that are kept, each with one guest. Default: the machine's cores. */
  readonly workers?: number;
  /** Worker threads at most. More than `workers` start while leases wait, and end when idle. Default: 8 times `workers`. */
  readonly maxWorkers?: number;
  /** A new WebAssembly instance for each run instead of a reset: slower, and proof against a fault in the reset. Default false. */
  readonly freshInstance?: boolean;
  /** One reset in so many is checked byte for byte. Default 1,000. */
  readonly verifyEvery?: number;
  /** Programs of our own that a new worker runs while it is idle, so that the first real one is fast. Default 300. */
  readonly warmUpRuns?: number;
  /** The largest module that `modules` takes, in bytes. Default 32 MiB. */
  readonly mostModuleBytes?: number;
  readonly clock?: Clock;
  readonly log?: Log;
}

const DEFAULT_MEMORY_BYTES = 512 * 1024 * 1024;
const DEFAULT_MODULE_BYTES = 32 * 1024 * 1024;

/** A guest has no files, processes or network at all. */
const ENFORCEMENT: Readonly<Record<SandboxBound, Enforcement>> = {
  cpuMs: "enforced",
  wallMs: "enforced",
  memoryBytes: "enforced",
  consoleBytes: "enforced",
  calls: "enforced",
  callsAtOnce: "enforced",
  argumentBytes: "enforced",
  replyBytes: "enforced",
  valueBytes: "enforced",
  diskBytes: "enforced",
  processes: "enforced",
  fileHandles: "enforced",
  network: "enforced",
  filesystem: "enforced",
};

/** The embedded sandbox, and what else its workers run. */
export interface WasiSandbox extends SandboxBackend {
  /** Runs WebAssembly modules of preview1 on the same workers. */
  readonly modules: ModuleRunner;
}

/** The embedded sandbox: JavaScript in a WebAssembly guest on worker threads, a fresh realm for each run. */
export function createWasiSandbox(options: WasiSandboxOptions = {}): WasiSandbox {
  const workers = options.workers ?? availableParallelism();
  const clock = options.clock ?? systemClock;
  const engines = new EngineModules();
  const harness = readHarness();
  // Told by the first worker that needs it.
  harness.catch(() => undefined);
  const leases = new Set<WasiLease>();
  const pool = new WorkerPool({
    workers,
    maxWorkers: options.maxWorkers ?? workers * 8,
    settings: async () => ({
      module: await engines.get(DEFAULT_MEMORY_BYTES),
      harness: await harness,
      freshInstance: options.freshInstance ?? false,
      verifyEvery: options.verifyEvery ?? 1_000,
      warmUpRuns: options.warmUpRuns ?? 300,
    }),
    clock,
    log: options.log ?? (() => undefined),
  });

  const modules = modulesOnPool(pool, clock, options.mostModuleBytes ?? DEFAULT_MODULE_BYTES);

  return {
    name: "wasi",
    modules: { run: (...args) => modules.run(...args) },
    probe: async () => {
      const said = { warnings: [], enforcement: ENFORCEMENT };
      try {
        await access(enginePath());
        const versions = { "quickjs-wasi": engineVersion() };
        return { ...said, available: true, languages: ["javascript"], versions };
      } catch {
        const reason = "The package quickjs-wasi is not installed. Install it again.";
        return { ...said, available: false, reason, languages: [], versions: {} };
      }
    },
    lease: async ({ limits, signal }: LeaseRequest) => {
      const worker = await pool.acquire(signal);
      const lease = new WasiLease({
        worker,
        limits: { ...limits },
        modules: engines,
        clock,
        release: () => {
          leases.delete(lease);
          pool.release(worker);
        },
      });
      leases.add(lease);
      return lease;
    },
    dispose: async () => {
      for (const lease of leases) {
        lease.shutDown();
      }
      modules.shutDown();
      await pool.dispose();
    },
  };
}
