import type { SandboxBackend } from "@mcp-optimizer/contracts";
import { createChannelBackend, type ChannelSandboxOptions } from "@mcp-optimizer/sandbox-guest";
import { createFirecrackerLauncher, type FirecrackerLauncherOptions } from "./create-firecracker-launcher.ts";

/** Options of {@link createFirecrackerSandbox}. */
export interface FirecrackerSandboxOptions extends FirecrackerLauncherOptions, ChannelSandboxOptions {}

/**
 * Every run in a micro-VM of its own, by Firecracker or, where `vmm` asks for it, QEMU. Throws `config_invalid` when the options
 * contradict each other.
 */
export function createFirecrackerSandbox(options: FirecrackerSandboxOptions = {}): SandboxBackend {
  const launcher = createFirecrackerLauncher(options);
  return createChannelBackend({ ...options, name: "firecracker", launcher });
}
