import type { HostUser } from "../host/host-user.ts";
import type { Readable, Writable } from "node:stream";

/** What a machine is made of. All paths are of the host. */
export interface MachineSpec {
  /** Unique on the host, letters, digits and hyphens; shows in the command line. */
  readonly id: string;
  /** A private, existing folder for what the machine needs while it runs. Whoever made it removes it. */
  readonly folder: string;
  readonly kernel: string;
  readonly initrd: string;
  /** The read-only root file system. */
  readonly drive: string;
  readonly memoryMib: number;
  /** Whom its process runs as: nobody else's. Absent: our own user. */
  readonly user: HostUser | undefined;
  /** A library with which a monitor opens files for reading that it may not write to. */
  readonly openReadOnly: string;
}

/** Streams into a machine. */
export interface MachineStreams {
  /** Lines from process 1 of the guest. */
  readonly controlOutput: Readable;
  /** Lines to process 1 of the guest. */
  readonly controlInput: Writable;
  /** To the agent's stdin. */
  readonly input: Writable;
  /** From the agent's stdout. */
  readonly output: Readable;
}

/** How the process of a machine ended. */
export interface MachineEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Bounded tail of its console and stderr, fit for the log. */
  readonly detail: string;
}

/** A machine that was started. It may still be booting. */
export interface Machine extends MachineStreams {
  /** Of the process whose CPU time and memory are the machine's. */
  readonly pid: number;
  /** Never rejects. */
  readonly ended: Promise<MachineEnd>;
  /** Ends it. Idempotent. Resolves when its process is gone. */
  kill(): Promise<void>;
}

/** A machine that was stopped after its boot, to be continued many times. */
export interface MachineTemplate {
  /** Starts a copy, which goes on where the original was stopped. Rejects when that fails; nothing is left then. */
  restore(spec: MachineSpec, signal: AbortSignal): Promise<Machine>;
}

/** What a driver needs, and what is known of it. */
export interface VmmProbe {
  readonly available: boolean;
  /** Why it is not available, and what to do. */
  readonly reason?: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** A virtual machine monitor. */
export interface Vmm {
  readonly name: "firecracker" | "qemu";
  /** How the guest reaches the host: ports of a virtio console, or listening vsock ports. */
  readonly channel: "virtio" | "vsock";
  /** Arguments for Node on this machine's processor, before the agent's own. */
  readonly nodeArguments: readonly string[];
  /** Drivers that the guest's kernel needs, as far as it has them as modules. */
  readonly modules: readonly string[];
  /** What a machine's process does in its folder. `write`: it makes files there. */
  readonly folderAccess: "enter" | "write";
  probe(): Promise<VmmProbe>;
  /** Starts a machine. Rejects with `sandbox_unavailable`, or the signal's reason; nothing is left then. */
  start(spec: MachineSpec, signal: AbortSignal): Promise<Machine>;
  /** Boots a machine, waits until `ready` resolves and keeps its state in its folder. Absent where the driver cannot. */
  capture?(
    spec: MachineSpec,
    ready: (machine: Machine) => Promise<void>,
    signal: AbortSignal,
  ): Promise<MachineTemplate>;
}
