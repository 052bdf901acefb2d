import type { SandboxBackend } from "@mcp-optimizer/contracts";
import { createChannelBackend, type ChannelSandboxOptions } from "@mcp-optimizer/sandbox-guest";
import {
  createDockerLauncher,
  createGvisorLauncher,
  type DockerLauncherOptions,
} from "./create-docker-launcher.ts";

/** Options of {@link createDockerSandbox} and {@link createGvisorSandbox}. */
export interface DockerSandboxOptions extends DockerLauncherOptions, ChannelSandboxOptions {}

/** Every run in a container of its own. */
export function createDockerSandbox(options: DockerSandboxOptions = {}): SandboxBackend {
  return createChannelBackend({ ...options, name: "docker", launcher: createDockerLauncher(options) });
}

/** Every run in a container of its own with gVisor between it and the kernel. */
export function createGvisorSandbox(options: DockerSandboxOptions = {}): SandboxBackend {
  return createChannelBackend({ ...options, name: "gvisor", launcher: createGvisorLauncher(options) });
}
