/** The two kinds of container. */
export type ContainerKind = "docker" | "gvisor";

/** Name under which gVisor is registered as a runtime. */
export const GVISOR_RUNTIME = "runsc";

/** Name of the ordinary runtime, which every Docker daemon has. It is named: a daemon's default may be another. */
export const RUNC_RUNTIME = "runc";

/**
 * gVisor's process limit counts tasks of the host. Under ptrace, its own kernel takes about 40 of them and each process or thread of
 * the guest about 5. A guest that reaches the limit ends as a whole.
 */
export function hostTasks(processes: number): number {
  return 50 + 5 * processes;
}
