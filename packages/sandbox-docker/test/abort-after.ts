import type { ContainerEngine, EngineContainer } from "@mcp-optimizer/docker-engine";

/** The engine as it is, except that the signal aborts as soon as this step of a launch is done. */
export function abortAfter(
  engine: ContainerEngine,
  step: "createContainer" | "attach" | "start",
  stop: AbortController,
): ContainerEngine {
  const done = (name: string): void => {
    if (name === step) stop.abort();
  };
  const watch = (container: EngineContainer): EngineContainer => ({
    ...container,
    attach: async (onStderr) => {
      const streams = await container.attach(onStderr);
      done("attach");
      return streams;
    },
    start: async () => {
      await container.start();
      done("start");
    },
  });
  return {
    ...engine,
    createContainer: async (spec) => {
      const container = await engine.createContainer(spec);
      done("createContainer");
      return watch(container);
    },
  };
}
