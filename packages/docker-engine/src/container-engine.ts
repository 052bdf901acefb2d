import type { Readable, Writable } from "node:stream";

/** What a daemon says of itself. */
export interface EngineVersion {
  /** The daemon's own version, such as `20.10.24`. */
  readonly engine: string;
  readonly api: string;
  /** Versions of the parts below it, such as `containerd` and `runc`, by lower-case name. */
  readonly components: Readonly<Record<string, string>>;
  /** Arguments of each registered runtime, by name. */
  readonly runtimes: Readonly<Record<string, readonly string[]>>;
  readonly defaultRuntime: string;
  /** `linux` or `windows`. */
  readonly os: string;
  /** In Node's words where they exist: `x64`, `arm64`. */
  readonly architecture: string;
  /** Which limits the daemon's kernel can hold. */
  readonly canLimit: Readonly<Record<"memory" | "swap" | "processes" | "cpu", boolean>>;
  readonly seccomp: boolean;
}

/** An image that the daemon has. */
export interface EngineImage {
  readonly id: string;
  /** In Node's words where they exist: `x64`, `arm64`. */
  readonly architecture: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Where a new image goes, and Dockerfile instructions applied to it, such as `USER 65534`. */
export interface NewImage {
  readonly repository: string;
  readonly tag: string;
  readonly changes: readonly string[];
}

/** A limit of the kernel's `setrlimit`, soft and hard alike. */
export interface Ulimit {
  readonly name: "nofile" | "cpu" | "core" | "msgqueue" | "memlock";
  readonly value: number;
}

/** A container to be. Everything that is not named here is off: network, capabilities, devices, logs, restart. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** `uid:gid`. */
  readonly user: string;
  readonly hostname: string;
  /** Absent for the daemon's default. */
  readonly runtime?: string;
  /** Memory and swap together. */
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly processes: number;
  readonly ulimits: readonly Ulimit[];
  /** Mount options by path. */
  readonly tmpfs: Readonly<Record<string, string>>;
  /** A seccomp profile as JSON text, handed to the daemon as it is. Absent for the daemon's default. */
  readonly seccompProfile?: string;
  readonly readOnlyRoot: boolean;
}

/** A container as the daemon lists it. */
export interface ContainerSummary {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** By the daemon's clock, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly running: boolean;
}

/** Whether and how a container ended. */
export interface ContainerState {
  readonly running: boolean;
  /** Of its first process, as the daemon's machine counts; 0 when it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly error: string;
}

/** What a container used. */
export interface ContainerUsage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly processes: number;
}

/** The standard streams of a container without a terminal. */
export interface AttachedStreams {
  /** To the container's stdin. Its end closes stdin. */
  readonly input: Writable;
  /** From the container's stdout, with back pressure. Ends, never fails. */
  readonly output: Readable;
  /** Drops the connection. */
  destroy(): void;
}

/** One container. */
export interface EngineContainer {
  readonly id: string;
  /** Unpacks a tar archive at the container's root. The container must not be running. */
  putFiles(tar: Readable): Promise<void>;
  /** Saves the container's files as an image. */
  commit(image: NewImage): Promise<void>;
  /** Connects to the streams; before `start`, so that nothing is missed. `onStderr` gets what the container writes there. */
  attach(onStderr: (chunk: Buffer) => void): Promise<AttachedStreams>;
  start(): Promise<void>;
  /** `undefined` when there is no such container. */
  state(): Promise<ContainerState | undefined>;
  /** Waits for the end of a started container. False when the daemon is lost first. Never rejects. */
  waitForEnd(): Promise<boolean>;
  /** Sends a signal, SIGKILL by default. False when the container was not running. */
  kill(signal?: string): Promise<boolean>;
  /** Ends and removes the container, and resolves when it is gone. */
  remove(): Promise<void>;
  /** `undefined` when it does not run. */
  usage(): Promise<ContainerUsage | undefined>;
}

/** The part of a container engine that this project uses. Failures are errors of contracts; `engineFault` tells them apart. */
export interface ContainerEngine {
  /** Rejects when the daemon is missing, not accessible or too old. */
  version(): Promise<EngineVersion>;
  /** `undefined` when the daemon has no such image. */
  findImage(reference: string): Promise<EngineImage | undefined>;
  /** Makes an image of one layer from a tar archive of a root file system. */
  importImage(tar: Readable, image: NewImage): Promise<void>;
  /** Creates a container. It does not run yet. */
  createContainer(spec: ContainerSpec): Promise<EngineContainer>;
  /** A handle to a container by id or name, whether or not it exists. */
  container(id: string): EngineContainer;
  /** Containers that have all of these labels, stopped ones too. */
  listContainers(labels: Readonly<Record<string, string>>): Promise<ContainerSummary[]>;
  /** Closes connections. Containers go on. */
  dispose(): Promise<void>;
}
