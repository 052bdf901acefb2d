import type { SandboxBackend } from "@mcp-optimizer/contracts";
import { createChannelBackend, type ChannelSandboxOptions } from "@mcp-optimizer/sandbox-guest";
import { createQemuLauncher, type QemuLauncherOptions } from "./create-qemu-launcher.ts";

/** Options of {@link createQemuSandbox}. */
export interface QemuSandboxOptions extends QemuLauncherOptions, ChannelSandboxOptions {}

/** Every run in a QEMU machine of its own, with an emulated processor. */
export function createQemuSandbox(options: QemuSandboxOptions = {}): SandboxBackend {
  return createChannelBackend({ ...options, name: "qemu", launcher: createQemuLauncher(options) });
}
