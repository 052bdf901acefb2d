import type { GuestResources } from "./guest-launcher.ts";

/** CPU 30 s, memory 512 MB, disk 100 MB, 50 processes, 100 file handles. */
export const DEFAULT_GUEST_RESOURCES: GuestResources = {
  cpuMs: 30_000,
  memoryBytes: 512 * 1024 * 1024,
  diskBytes: 100 * 1024 * 1024,
  processes: 50,
  fileHandles: 100,
};
