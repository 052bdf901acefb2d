import type { GuestResources } from "@mcp-optimizer/contracts";
import { engineFault, type ContainerEngine, type ContainerSpec } from "@mcp-optimizer/docker-engine";
import { TextTail, type GuestChannel } from "@mcp-optimizer/sandbox-guest";
import { ContainerChannel } from "./container-channel.ts";

const STDERR_BYTES = 4096;

/** What it takes to start one guest. */
export interface ContainerStart {
  readonly engine: ContainerEngine;
  readonly spec: ContainerSpec;
  readonly resources: GuestResources;
  readonly tellsMemory: boolean;
  /** Ends and removes the container of that spec's name. */
  readonly remove: () => Promise<void>;
  readonly stop: AbortSignal;
}

/** Creates, attaches to and starts a container. When that fails or is stopped, the container is removed again. */
export async function startContainer(start: ContainerStart): Promise<GuestChannel> {
  const { engine, spec, resources, tellsMemory, remove, stop } = start;
  stop.throwIfAborted();
  const container = await engine.createContainer(spec).catch(async (error: unknown) => {
    // A creation that was not answered may still have been carried out.
    if (engineFault(error) === "daemon_lost") await remove().catch(() => undefined);
    throw error;
  });
  const stderr = new TextTail(STDERR_BYTES);
  try {
    stop.throwIfAborted();
    const streams = await container.attach((chunk) => stderr.add(chunk));
    try {
      stop.throwIfAborted();
      await container.start();
      stop.throwIfAborted();
    } catch (error) {
      streams.destroy();
      throw error;
    }
    return new ContainerChannel({
      container,
      streams,
      remove,
      stderr,
      resources,
      cpus: spec.cpus,
      tellsMemory,
    });
  } catch (error) {
    await remove().catch(() => undefined);
    throw error;
  }
}
