import type { ContainerSpec } from "./container-engine.ts";

/** The body of the request for a new container, as far as this project sets it. */
export interface CreateBody {
  readonly Image: string;
  readonly Entrypoint: string[];
  readonly Cmd: string[];
  readonly Env: string[];
  readonly Labels: Record<string, string>;
  readonly User: string;
  readonly WorkingDir: string;
  readonly Hostname: string;
  readonly OpenStdin: true;
  readonly StdinOnce: true;
  readonly Tty: false;
  readonly AttachStdin: true;
  readonly AttachStdout: true;
  readonly AttachStderr: true;
  readonly NetworkDisabled: true;
  readonly HostConfig: {
    readonly AutoRemove: false;
    readonly NetworkMode: "none";
    readonly IpcMode: "none";
    readonly CgroupnsMode: "private";
    readonly Privileged: false;
    readonly CapDrop: string[];
    readonly SecurityOpt: string[];
    readonly ReadonlyRootfs: boolean;
    readonly LogConfig: { readonly Type: "none"; readonly Config: Record<string, string> };
    readonly RestartPolicy: { readonly Name: "no" };
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly NanoCpus: number;
    readonly PidsLimit: number;
    readonly OomScoreAdj: number;
    readonly Ulimits: { Name: string; Soft: number; Hard: number }[];
    readonly Tmpfs: Record<string, string>;
    readonly Runtime?: string;
  };
}

/** The body of the request for a container of this spec. */
export function toCreateBody(spec: ContainerSpec): CreateBody {
  const profile = spec.seccompProfile === undefined ? [] : [`seccomp=${spec.seccompProfile}`];
  return {
    Image: spec.image,
    Entrypoint: spec.command.slice(0, 1),
    Cmd: spec.command.slice(1),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels },
    User: spec.user,
    WorkingDir: spec.workingDirectory,
    Hostname: spec.hostname,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    // The runtime makes an empty namespace, as for NetworkMode none, but the daemon joins it to nothing of its own.
    NetworkDisabled: true,
    HostConfig: {
      // The exit code and the out-of-memory flag are read after the end.
      AutoRemove: false,
      NetworkMode: "none",
      IpcMode: "none",
      CgroupnsMode: "private",
      Privileged: false,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges", ...profile],
      ReadonlyRootfs: spec.readOnlyRoot,
      // With a log driver, a flood on stdout would fill the daemon's disk.
      LogConfig: { Type: "none", Config: {} },
      RestartPolicy: { Name: "no" },
      Memory: spec.memoryBytes,
      MemorySwap: spec.memoryBytes,
      NanoCpus: Math.round(spec.cpus * 1e9),
      PidsLimit: spec.processes,
      // Under memory pressure of the whole machine, guests go first.
      OomScoreAdj: 500,
      Ulimits: spec.ulimits.map(({ name, value }) => ({ Name: name, Soft: value, Hard: value })),
      Tmpfs: { ...spec.tmpfs },
      ...(spec.runtime !== undefined && { Runtime: spec.runtime }),
    },
  };
}
