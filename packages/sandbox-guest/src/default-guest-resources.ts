import { DEFAULT_RUN_LIMITS, type GuestResources } from "@mcp-optimizer/contracts";

const { cpuMs, memoryBytes, diskBytes, processes, fileHandles } = DEFAULT_RUN_LIMITS;

/** The part of the default limits that holds a guest itself. */
export const DEFAULT_GUEST_RESOURCES: GuestResources = {
  cpuMs,
  memoryBytes,
  diskBytes,
  processes,
  fileHandles,
};
