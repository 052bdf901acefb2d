import { OptimizerError } from "@mcp-optimizer/contracts";
import { runTool } from "./run-tool.ts";

/** Rejects with `sandbox_unavailable` when the tools that set limits and users are missing, or are not those of util-linux. */
export async function requireLimitTools(): Promise<void> {
  for (const tool of ["setpriv", "prlimit"]) {
    const printed = await runTool(tool, ["--version"]).catch(() => "");
    if (!printed.includes("util-linux")) {
      throw new OptimizerError("sandbox_unavailable", { detail: `${tool} of util-linux cannot be run` });
    }
  }
}
