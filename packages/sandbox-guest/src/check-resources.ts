import { OptimizerError, type GuestResources } from "@mcp-optimizer/contracts";

const MIB = 1024 * 1024;

/** What the daemon and the kernel take: the least memory is Docker's, the most is what fits their integers. */
const RANGES: Readonly<Record<keyof GuestResources, readonly [least: number, most: number]>> = {
  cpuMs: [1, 24 * 3_600_000],
  memoryBytes: [6 * MIB, 2 ** 50],
  diskBytes: [4096, 2 ** 50],
  processes: [1, 1_000_000],
  fileHandles: [3, 1_000_000],
};

/** Rejects resources that no container can be given. */
export function checkResources(resources: GuestResources): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = resources[name as keyof GuestResources];
    if (Number.isSafeInteger(value) && value >= least && value <= most) continue;
    throw new OptimizerError("invalid_params", {
      detail: `${name} is ${value}; it must be a whole number from ${least} to ${most}`,
    });
  }
}
