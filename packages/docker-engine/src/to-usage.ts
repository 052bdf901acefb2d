import type { ContainerUsage } from "./container-engine.ts";

interface Stats {
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats?: { readonly usage?: number };
  readonly pids_stats?: { readonly current?: number };
}

/** Reads the daemon's statistics. A container that does not run has none. */
export function toUsage(stats: Stats | undefined): ContainerUsage | undefined {
  const nanoseconds = stats?.cpu_stats?.cpu_usage?.total_usage;
  if (nanoseconds === undefined || stats?.memory_stats?.usage === undefined) return undefined;
  return {
    cpuMs: nanoseconds / 1e6,
    memoryBytes: stats.memory_stats.usage,
    processes: stats.pids_stats?.current ?? 0,
  };
}
