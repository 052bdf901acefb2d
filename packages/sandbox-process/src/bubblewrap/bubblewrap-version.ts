import { OptimizerError } from "@mcp-optimizer/contracts";
import { runTool } from "../runtime/run-tool.ts";

const OLDEST: readonly [major: number, minor: number] = [0, 8];

/** The version of bubblewrap. Rejects with `sandbox_unavailable` when it is missing or too old. */
export async function bubblewrapVersion(command: string): Promise<string> {
  const printed = await runTool(command, ["--version"]).catch((cause: unknown) => {
    throw new OptimizerError("sandbox_unavailable", {
      detail: 'bubblewrap cannot be run; on Debian or Ubuntu, "apt-get install bubblewrap" brings it',
      cause,
    });
  });
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(printed) ?? [];
  if (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]) {
    throw new OptimizerError("sandbox_unavailable", {
      detail: `bubblewrap is version ${major}.${minor}; ${OLDEST.join(".")} or later is needed`,
    });
  }
  return printed.replace(/^bubblewrap\s+/, "").trim();
}
