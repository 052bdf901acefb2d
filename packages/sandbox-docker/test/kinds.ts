import {
  createDockerLauncher,
  createDockerSandbox,
  createGvisorLauncher,
  createGvisorSandbox,
} from "@mcp-optimizer/sandbox-docker";

/** Both kinds of container. */
export const KINDS = [
  { name: "docker", launcher: createDockerLauncher, sandbox: createDockerSandbox, slowness: 2 },
  { name: "gvisor", launcher: createGvisorLauncher, sandbox: createGvisorSandbox, slowness: 4 },
] as const;
