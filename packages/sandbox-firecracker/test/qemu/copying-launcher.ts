import { OptimizerError, type GuestResources } from "@mcp-optimizer/contracts";
import type { GuestAgent, GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { EVAL_AGENTS } from "@mcp-optimizer/testkit";
import { createQemuLauncher, type QemuLauncherOptions } from "../../src/index.ts";

/** A launcher that starts the suite's agents as copies, so that a test waits for a boot once and not in each case. */
export function createCopyingLauncher(options: QemuLauncherOptions): GuestLauncher {
  const launcher = createQemuLauncher(options);
  const copied = new Set<GuestAgent>(Object.values(EVAL_AGENTS));
  return {
    ...launcher,
    launch: (agent, resources, signal) =>
      launcher.launch(copied.has(agent) ? { ...agent, clonable: true } : agent, resources, signal),
  };
}

/** Boots the machines that the suite's guests will be copies of. */
export async function bootOriginals(launcher: GuestLauncher, resources: GuestResources): Promise<void> {
  for (const agent of Object.values(EVAL_AGENTS)) {
    const channel = await launcher.launch(agent, resources);
    await channel.kill();
    const { reason, detail } = await channel.ended;
    if (reason !== "killed") throw new OptimizerError("internal", { detail });
  }
}
