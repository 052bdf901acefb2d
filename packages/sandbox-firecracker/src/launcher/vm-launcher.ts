import { OptimizerError, type Enforcement, type GuestResources } from "@mcp-optimizer/contracts";
import {
  checkResources,
  NOTHING_ENFORCED,
  type GuestAgent,
  type GuestChannel,
  type GuestLauncher,
  type LauncherProbe,
} from "@mcp-optimizer/sandbox-guest";
import { sweepRunFolders } from "../host/run-folder.ts";
import type { Vmm } from "../vmm/vmm.ts";
import { MachineFactory } from "./machine-factory.ts";
import { MACHINE_RANGES } from "./machine-ranges.ts";
import { probeParts, type MachineParts } from "./machine-parts.ts";

/** Held by the machine monitor, the host's kernel or the guest's own kernel, which the agent cannot reach around. */
const ENFORCEMENT: Readonly<Record<keyof GuestResources | "network" | "filesystem", Enforcement>> = {
  cpuMs: "enforced",
  memoryBytes: "enforced",
  diskBytes: "enforced",
  processes: "enforced",
  fileHandles: "enforced",
  network: "enforced",
  filesystem: "enforced",
};

/** A launcher of guests in micro-VMs on any monitor. */
export function createVmLauncher(vmm: Vmm, parts: MachineParts): GuestLauncher {
  const factory = new MachineFactory(vmm, parts);
  const open = new Set<GuestChannel>();
  const starting = new Set<Promise<unknown>>();
  const shutdown = new AbortController();

  const launch = async (
    agent: GuestAgent,
    resources: GuestResources,
    signal: AbortSignal,
  ): Promise<GuestChannel> => {
    const channel = await factory.create(agent, resources, signal);
    open.add(channel);
    void channel.ended.then(() => open.delete(channel));
    return channel;
  };

  return {
    name: vmm.name,
    async probe(): Promise<LauncherProbe> {
      const driver = await vmm.probe();
      const host = await probeParts(parts);
      const reason = driver.reason ?? host.reason;
      const available = driver.available && host.reason === undefined;
      return {
        available,
        ...(reason !== undefined && { reason }),
        versions: { ...driver.versions, ...host.versions },
        warnings: driver.warnings,
        enforcement: available ? ENFORCEMENT : NOTHING_ENFORCED,
        languages: parts.python === undefined ? ["javascript"] : ["javascript", "python"],
      };
    },
    async launch(agent, resources, signal) {
      checkResources(resources, MACHINE_RANGES);
      if (shutdown.signal.aborted) throw new OptimizerError("shutting_down");
      const limit = AbortSignal.timeout(parts.bootMs);
      const started = launch(
        agent,
        resources,
        AbortSignal.any([limit, shutdown.signal, ...(signal ? [signal] : [])]),
      );
      starting.add(started);
      try {
        return await started;
      } catch (error) {
        throw toLaunchError(error, { limit, shutdown: shutdown.signal, signal }, parts.bootMs);
      } finally {
        starting.delete(started);
      }
    },
    sweep: () => sweepRunFolders(parts.runFolder),
    async dispose() {
      shutdown.abort();
      await Promise.allSettled(starting);
      await Promise.all([...open].map((channel) => channel.kill()));
      await factory.dispose();
    },
  };
}

function toLaunchError(
  error: unknown,
  signals: { limit: AbortSignal; shutdown: AbortSignal; signal: AbortSignal | undefined },
  bootMs: number,
): unknown {
  if (signals.signal?.aborted) return new OptimizerError("cancelled", { cause: error });
  if (signals.shutdown.aborted) return new OptimizerError("shutting_down", { cause: error });
  if (signals.limit.aborted) {
    return new OptimizerError("sandbox_unavailable", {
      detail: `the machine was not ready after ${bootMs} ms`,
      cause: error,
    });
  }
  if (OptimizerError.is(error)) return error;
  return new OptimizerError("sandbox_unavailable", {
    detail: "the machine could not be started",
    cause: error,
  });
}
