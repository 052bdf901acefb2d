import {
  DEFAULT_RUN_LIMITS,
  OptimizerError,
  type RunLimits,
  type SandboxBackend,
} from "@mcp-optimizer/contracts";

/** A sandbox of which no guest can be had: for what needs none. */
export const NO_SANDBOX: SandboxBackend = {
  name: "none",
  probe: async () => ({
    available: false,
    reason: "there is none",
    languages: ["javascript"],
    versions: {},
    warnings: [],
    enforcement: {
      ...(Object.fromEntries(Object.keys(DEFAULT_RUN_LIMITS).map((limit) => [limit, "none"])) as Record<
        keyof RunLimits,
        "none"
      >),
      network: "none",
      filesystem: "none",
    },
  }),
  lease: async () => {
    throw new OptimizerError("sandbox_unavailable", { detail: "there is none" });
  },
  dispose: async () => {},
};
