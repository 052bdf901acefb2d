import type { Optimizer, OptimizerOptions } from "./optimizer.ts";

/**
 * Puts an engine together. It takes over the upstreams, the sandbox and disposes of them with itself. What the sandbox's probe says of
 * languages now is what programs may be written in.
 * Rejects with `config_invalid` for limits out of range.
 */
export async function createOptimizer(options: OptimizerOptions): Promise<Optimizer> {
  // Half of this package, which whoever opens stores or reads settings does without.
  const { assembleOptimizer } = await import("./engine/assemble-optimizer.ts");
  return await assembleOptimizer(options);
}
