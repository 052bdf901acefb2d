import type { GuestResources } from "@mcp-optimizer/contracts";
import type { ContainerSpec } from "@mcp-optimizer/docker-engine";
import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";
import { GVISOR_RUNTIME, hostTasks, RUNC_RUNTIME, type ContainerKind } from "./container-kind.ts";

const BYTES_PER_INODE = 16 * 1024;
const MIN_INODES = 64;

/**
 * Makes the C library write to large zeroed memory at once. Otherwise a program that takes zeroed arrays without end reserves address
 * space and no memory, and the memory limit ends it only after seconds of garbage collection.
 */
const TOUCHED_MEMORY = "glibc.malloc.perturb=1";

/** What one guest's container is made from. */
export interface GuestContainer {
  readonly kind: ContainerKind;
  readonly name: string;
  readonly image: string;
  readonly agent: GuestAgent;
  readonly resources: GuestResources;
  readonly labels: Readonly<Record<string, string>>;
  /** Processors that the guest may keep busy. */
  readonly cpus: number;
  /** As JSON text; gVisor has its own kernel and ignores it. */
  readonly seccompProfile: string | undefined;
}

/** The container for a guest: no network, no capabilities, a read-only root, one writable folder in memory. */
export function containerSpec(guest: GuestContainer): ContainerSpec {
  const { diskBytes, memoryBytes, processes, fileHandles } = guest.resources;
  const inodes = Math.max(MIN_INODES, Math.ceil(diskBytes / BYTES_PER_INODE));
  return {
    name: guest.name,
    image: guest.image,
    command: guest.agent.command,
    labels: guest.labels,
    env: { PATH: "/usr/bin", HOME: "/tmp", LANG: "C.UTF-8", TZ: "UTC", GLIBC_TUNABLES: TOUCHED_MEMORY },
    workingDirectory: "/tmp",
    user: "65534:65534",
    hostname: "guest",
    memoryBytes,
    cpus: guest.cpus,
    processes: guest.kind === "gvisor" ? hostTasks(processes) : processes,
    ulimits: [
      { name: "nofile", value: fileHandles },
      { name: "cpu", value: cpuLimitSeconds(guest.resources) },
      { name: "core", value: 0 },
      { name: "msgqueue", value: 0 },
    ],
    tmpfs: { "/tmp": `rw,noexec,nosuid,nodev,size=${diskBytes},nr_inodes=${inodes},mode=1777` },
    readOnlyRoot: true,
    runtime: guest.kind === "gvisor" ? GVISOR_RUNTIME : RUNC_RUNTIME,
    ...(guest.seccompProfile !== undefined && { seccompProfile: guest.seccompProfile }),
  };
}

/** The kernel's limit for each process, in its whole seconds. The limit of the whole guest is watched from the host. */
export function cpuLimitSeconds({ cpuMs }: GuestResources): number {
  return Math.ceil(cpuMs / 1000);
}
