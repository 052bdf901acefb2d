import type { SandboxBackend } from "@mcp-optimizer/contracts";
import { createChannelBackend, type ChannelSandboxOptions } from "@mcp-optimizer/sandbox-guest";
import { createBasicLauncher, type BasicLauncherOptions } from "./create-basic-launcher.ts";

/** Options of {@link createBasicSandbox}. */
export interface BasicSandboxOptions extends BasicLauncherOptions, ChannelSandboxOptions {}

/** Every run in a plain child process with limits, for development: no sandbox. It refuses to start where `NODE_ENV` is `production`. */
export function createBasicSandbox(options: BasicSandboxOptions = {}): SandboxBackend {
  return createChannelBackend({ ...options, name: "basic", launcher: createBasicLauncher(options) });
}
