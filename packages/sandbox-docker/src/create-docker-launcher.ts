import type { Log } from "@mcp-optimizer/contracts";
import { createDockerEngine, type ContainerEngine } from "@mcp-optimizer/docker-engine";
import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import type { ContainerKind } from "./container-kind.ts";
import { ContainerLauncher } from "./container-launcher.ts";

/** How guests in containers are started. */
export interface DockerLauncherOptions {
  /** A client of the daemon. It stays open when the launcher is disposed. Default: one for `socketPath`. */
  readonly engine?: ContainerEngine;
  /** Path of the daemon's Unix socket. Default `/var/run/docker.sock`. */
  readonly socketPath?: string;
  /** An image built from the published Dockerfile. Default: one made of this machine's Node and Python at the first use. */
  readonly image?: string;
  /** Processors that one guest may keep busy. Default 1. */
  readonly cpus?: number;
  /** After this time a sweep removes guests even of owners that it cannot judge, in milliseconds. Default one hour. */
  readonly maxGuestAgeMs?: number;
  readonly log?: Log;
}

/** Guests in ordinary containers, behind this package's own seccomp profile. */
export function createDockerLauncher(options: DockerLauncherOptions = {}): GuestLauncher {
  return createLauncher("docker", options);
}

/** Guests in containers of gVisor, registered with the daemon as runtime `runsc`: a kernel of their own in user space. */
export function createGvisorLauncher(options: DockerLauncherOptions = {}): GuestLauncher {
  return createLauncher("gvisor", options);
}

function createLauncher(kind: ContainerKind, options: DockerLauncherOptions): GuestLauncher {
  const { socketPath } = options;
  return new ContainerLauncher({
    kind,
    engine: options.engine ?? createDockerEngine({ ...(socketPath !== undefined && { socketPath }) }),
    ownsEngine: options.engine === undefined,
    image: options.image,
    cpus: options.cpus ?? 1,
    maxGuestAgeMs: options.maxGuestAgeMs ?? 3_600_000,
    log: options.log ?? (() => undefined),
  });
}
