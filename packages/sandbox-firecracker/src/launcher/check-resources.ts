import { OptimizerError, type GuestResources } from "@mcp-optimizer/contracts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** What a machine can be given. Less memory than that does not start a runtime; a disk is memory of the guest. */
const RANGES: Readonly<Record<keyof GuestResources, readonly [least: number, most: number]>> = {
  cpuMs: [1, 24 * 3_600_000],
  memoryBytes: [64 * MIB, 64 * GIB],
  diskBytes: [4096, 64 * GIB],
  processes: [16, 1_000_000],
  fileHandles: [24, 1_000_000],
};

/** Rejects resources that no machine can be given. */
export function checkResources(resources: GuestResources): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = resources[name as keyof GuestResources];
    if (Number.isSafeInteger(value) && value >= least && value <= most) continue;
    throw new OptimizerError("invalid_params", {
      detail: `${name} is ${value}; a micro-VM takes a whole number from ${least} to ${most}`,
    });
  }
}
