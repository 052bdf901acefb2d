import type { SandboxBackend } from "@mcp-optimizer/contracts";
import { createChannelBackend, type ChannelSandboxOptions } from "@mcp-optimizer/sandbox-guest";
import { createFirecrackerLauncher, type FirecrackerLauncherOptions } from "./create-firecracker-launcher.ts";

/** Options of {@link createFirecrackerSandbox}. */
export interface FirecrackerSandboxOptions extends FirecrackerLauncherOptions, ChannelSandboxOptions {}

/** Every run in a Firecracker micro-VM of its own. */
export function createFirecrackerSandbox(options: FirecrackerSandboxOptions = {}): SandboxBackend {
  return createChannelBackend({
    ...options,
    name: "firecracker",
    launcher: createFirecrackerLauncher(options),
  });
}
