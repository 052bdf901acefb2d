export type {
  AttachedStreams,
  ContainerEngine,
  ContainerSpec,
  ContainerState,
  ContainerSummary,
  ContainerUsage,
  EngineContainer,
  EngineImage,
  EngineVersion,
  NewImage,
  Ulimit,
} from "./container-engine.ts";
export { createDockerEngine, type DockerEngineOptions } from "./create-docker-engine.ts";
export { engineFault, type EngineFault } from "./engine-fault.ts";
