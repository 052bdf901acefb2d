import type { SandboxBackend } from "@mcp-optimizer/contracts";
import { createChannelBackend, type ChannelSandboxOptions } from "@mcp-optimizer/sandbox-guest";
import { createSeccompLauncher, type SeccompLauncherOptions } from "./create-seccomp-launcher.ts";

/** Options of {@link createSeccompSandbox}. */
export interface SeccompSandboxOptions extends SeccompLauncherOptions, ChannelSandboxOptions {}

/** Every run in a process of its own behind bubblewrap and a filter of system calls. */
export function createSeccompSandbox(options: SeccompSandboxOptions = {}): SandboxBackend {
  return createChannelBackend({ ...options, name: "seccomp", launcher: createSeccompLauncher(options) });
}
