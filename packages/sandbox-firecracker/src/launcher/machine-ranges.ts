import type { ResourceRanges } from "@mcp-optimizer/sandbox-guest";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** What a machine can be given. Less memory than that does not start a runtime; a disk is memory of the guest. */
export const MACHINE_RANGES: ResourceRanges = {
  cpuMs: [1, 24 * 3_600_000],
  memoryBytes: [64 * MIB, 64 * GIB],
  diskBytes: [4096, 64 * GIB],
  processes: [16, 1_000_000],
  fileHandles: [24, 1_000_000],
};
