import { OptimizerError, type GuestResources } from "@mcp-optimizer/contracts";
import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { EVAL_AGENTS } from "@mcp-optimizer/testkit";
import { createSharedLauncher, type SharedLauncherOptions } from "./shared-launcher.ts";

/** A launcher that starts the suite's agents as copies, so that a test waits for a boot once and not in each case. */
export function createCopyingLauncher(options: SharedLauncherOptions): GuestLauncher {
  const launcher = createSharedLauncher(options);
  return {
    ...launcher,
    launch: (agent, resources, signal) =>
      launcher.launch(
        agent === EVAL_AGENTS.javascript ? { ...agent, clonable: true } : agent,
        resources,
        signal,
      ),
  };
}

/** Boots the machine that the suite's guests will be copies of. */
export async function bootOriginal(launcher: GuestLauncher, resources: GuestResources): Promise<void> {
  const channel = await launcher.launch(EVAL_AGENTS.javascript, resources);
  await channel.kill();
  const { reason, detail } = await channel.ended;
  if (reason !== "killed") throw new OptimizerError("internal", { detail });
}
