import { createDockerEngine, type ContainerEngine } from "@mcp-optimizer/docker-engine";

const LABEL = "sandbox-docker-test.mark";

/** A client whose containers can be told from those of other files on the same daemon. */
export function markContainers(socketPath: string, mark: string): ContainerEngine {
  const engine = createDockerEngine({ socketPath });
  return {
    ...engine,
    createContainer: (spec) => engine.createContainer({ ...spec, labels: { ...spec.labels, [LABEL]: mark } }),
  };
}

/** Ids of the containers with this mark. */
export async function markedContainers(engine: ContainerEngine, mark: string): Promise<string[]> {
  return (await engine.listContainers({ [LABEL]: mark })).map(({ id }) => id);
}
