/** What a cgroup holds its processes to. */
export interface CgroupLimits {
  readonly memoryBytes: number;
  /** Tasks: threads count too. */
  readonly tasks: number;
  /** Processors kept busy. */
  readonly cpus: number;
}

/** The cgroup of one guest. */
export interface GuestCgroup {
  readonly name: string;
  /** A process joins by writing `0` to each of these files. */
  readonly joinFiles: readonly string[];
  /** CPU time of all that ever ran in it, in milliseconds. `undefined` when it cannot be told. */
  cpuMs(): Promise<number | undefined>;
  /** Memory in use now, files in memory included. `undefined` when it cannot be told. */
  memoryBytes(): Promise<number | undefined>;
  /** Processes that the kernel ended because the memory was used up. */
  memoryKills(): Promise<number>;
  /** Ends all processes in it, and removes it. Idempotent. */
  remove(): Promise<void>;
}

/** A place where cgroups of guests can be made. */
export interface CgroupTree {
  readonly version: 1 | 2;
  /** Processors that a guest keeps busy at most: what was asked for, or all where the kernel cannot hold it. */
  readonly cpus: number;
  /** Whether a cgroup tells the CPU time of all that ever ran in it. */
  readonly countsCpu: boolean;
  /** Whether a cgroup's memory has its swap in it. What has been found so far: version 2 shows it with the first cgroup. */
  readonly limitsSwap: boolean;
  create(name: string, limits: CgroupLimits): Promise<GuestCgroup>;
  /** Every cgroup below the mount whose name starts so. */
  find(prefix: string): Promise<readonly GuestCgroup[]>;
}
