import { OptimizerError, type GuestResources } from "@mcp-optimizer/contracts";

const MIB = 1024 * 1024;

/** The least and the most of each resource. */
export type ResourceRanges = Readonly<Record<keyof GuestResources, readonly [least: number, most: number]>>;

/** What the daemon and the kernel take: the least memory is Docker's, the most is what fits their integers. */
const RANGES: ResourceRanges = {
  cpuMs: [1, 24 * 3_600_000],
  memoryBytes: [6 * MIB, 2 ** 50],
  diskBytes: [4096, 2 ** 50],
  processes: [1, 1_000_000],
  fileHandles: [3, 1_000_000],
};

/** Throws `invalid_params` for resources out of their ranges. Default: what processes and containers can be given. */
export function checkResources(resources: GuestResources, ranges: ResourceRanges = RANGES): void {
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value = resources[name as keyof GuestResources];
    if (Number.isSafeInteger(value) && value >= least && value <= most) continue;
    throw new OptimizerError("invalid_params", {
      detail: `${name} is ${value}; it must be a whole number from ${least} to ${most}`,
    });
  }
}
