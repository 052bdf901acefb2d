import type { Log, RunLimits, SandboxBackend } from "@mcp-optimizer/contracts";
import { availableParallelism } from "node:os";
import type { SandboxName } from "./sandbox-name.ts";
import type { SandboxSettings, WasiSettings } from "./sandbox-settings.ts";

/** What a sandbox needs beside its settings. */
export interface SandboxSurroundings {
  /** Limits that ready guests are made for. */
  readonly limits: Readonly<RunLimits>;
  /** Whether guests are kept ready; otherwise one starts when a run needs it. */
  readonly warm: boolean;
  readonly log: Log;
}

/** What all sandboxes over processes, containers and machines share. */
interface SharedOptions {
  readonly pool: ChannelPool;
  readonly maxGuests?: number;
  readonly agents?: Promise<{ javascript: GuestAgent }>;
  readonly log: Log;
}

type GuestAgent = Awaited<ReturnType<(typeof import("@mcp-optimizer/sandbox-wasi"))["readWasmAgent"]>>;

interface ChannelPool {
  readonly size?: number;
  readonly maxAgeMs?: number;
  readonly limits: Readonly<RunLimits>;
}

type Make = (settings: SandboxSettings, shared: SharedOptions, warm: boolean) => Promise<SandboxBackend>;

/** Each loads its own package only: a command line that runs `wasi` must not wait for a client of Docker. */
const MAKERS: Readonly<Record<SandboxName, Make>> = {
  async wasi({ wasi, maxGuests }, { log }, warm) {
    const { createWasiSandbox } = await import("@mcp-optimizer/sandbox-wasi");
    return createWasiSandbox({ ...wasiOptions(wasi, maxGuests, warm), log });
  },
  async seccomp({ seccomp }, shared) {
    const { createSeccompSandbox } = await import("@mcp-optimizer/sandbox-process");
    return createSeccompSandbox({ ...shared, ...seccomp });
  },
  async basic({ basic }, shared) {
    const { createBasicSandbox } = await import("@mcp-optimizer/sandbox-process");
    return createBasicSandbox({ ...shared, ...basic });
  },
  async docker({ docker }, shared) {
    const { createDockerSandbox } = await import("@mcp-optimizer/sandbox-docker");
    return createDockerSandbox({ ...shared, ...docker });
  },
  async gvisor({ gvisor }, shared) {
    const { createGvisorSandbox } = await import("@mcp-optimizer/sandbox-docker");
    return createGvisorSandbox({ ...shared, ...gvisor });
  },
  async firecracker({ firecracker = {} }, shared) {
    const { createFirecrackerSandbox } = await import("@mcp-optimizer/sandbox-firecracker");
    const { jailer, ...machine } = firecracker;
    const jailed = jailer === undefined ? {} : { jailer: { program: jailer } };
    return createFirecrackerSandbox({ ...shared, ...machine, ...jailed });
  },
};

/** Makes the sandbox of a name. Nothing says yet whether it is available. Rejects with `config_invalid` for settings that contradict each other. */
export async function createSandbox(
  name: SandboxName,
  settings: SandboxSettings,
  { limits, warm, log }: SandboxSurroundings,
): Promise<SandboxBackend> {
  const { maxGuests, pool, realms = IN_REALMS.has(name) } = settings;
  const shared = {
    ...(realms && name !== "wasi" && { agents: realmAgent() }),
    pool: { ...pool, ...(!warm && { size: 0 }), limits },
    ...(maxGuests !== undefined && { maxGuests }),
    log,
  };
  return await MAKERS[name](settings, shared, warm);
}

/** Their guests cost far more to start than a realm: with one for each program, two cores end at a few runs a second. */
const IN_REALMS: ReadonlySet<SandboxName> = new Set(["seccomp", "docker", "gvisor"]);

async function realmAgent(): Promise<{ javascript: GuestAgent }> {
  const { readWasmAgent } = await import("@mcp-optimizer/sandbox-wasi");
  return { javascript: await readWasmAgent() };
}

const wasiOptions = (settings: WasiSettings | undefined, maxWorkers: number | undefined, warm: boolean) => ({
  ...settings,
  ...(maxWorkers !== undefined && {
    workers: Math.min(settings?.workers ?? availableParallelism(), maxWorkers),
    maxWorkers,
  }),
  ...(!warm && { workers: 0, maxWorkers: maxWorkers ?? 1, warmUpRuns: 0 }),
});
