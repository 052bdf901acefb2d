import {
  DEFAULT_RUN_LIMITS,
  OptimizerError,
  type Enforcement,
  type RunQueue,
  type SandboxBackend,
  type SandboxBound,
} from "@mcp-optimizer/contracts";

/** The name of the sandbox that is elsewhere. */
export const REMOTE_SANDBOX = "queue";

/**
 * Stands where a front has no sandbox: programs are given to workers, and it says what those can run. It has no guests, so that nothing falls
 * back to this process.
 */
export function createRemoteSandbox(queue: Pick<RunQueue, "status">): SandboxBackend {
  return {
    name: REMOTE_SANDBOX,
    async probe() {
      const bounds = [...Object.keys(DEFAULT_RUN_LIMITS), "network", "filesystem"];
      const { workers, languages } = await queue.status();
      const enforcement = Object.fromEntries(bounds.map((bound) => [bound, "none"]));
      return {
        available: workers > 0,
        ...(workers === 0 && { reason: "there is no worker yet; start one: mcp-optimizer worker" }),
        languages: languages.length === 0 ? ["javascript"] : languages,
        versions: {},
        warnings: [],
        enforcement: enforcement as Record<SandboxBound, Enforcement>,
      };
    },
    async lease() {
      throw new OptimizerError("sandbox_unavailable", {
        detail: "this process gives its programs to workers, and runs none itself",
      });
    },
    async dispose() {},
  };
}
