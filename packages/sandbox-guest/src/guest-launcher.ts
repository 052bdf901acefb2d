import type { Enforcement, GuestResources, Language } from "@mcp-optimizer/contracts";
import type { Readable, Writable } from "node:stream";

/** A started guest that nobody has used yet: a private byte stream to the agent inside. JSON lines both ways. */
export interface GuestChannel {
  /** Host to agent: the agent's stdin. */
  readonly input: Writable;
  /** Agent to host: the agent's stdout. */
  readonly output: Readable;
  /** Resolves when the guest has ended, however. Never rejects. */
  readonly ended: Promise<GuestEnd>;
  /** What the guest used until now, as far as the launcher can tell. */
  usage(): Promise<{ cpuMs?: number; memoryBytes?: number }>;
  /** Ends the guest and all it started. Idempotent. Resolves when nothing is left: process, cgroup, mount, folder, container, VM. */
  kill(): Promise<void>;
}

/** How a guest ended. */
export interface GuestEnd {
  /** `lost` is the end of what ran the guest, such as the daemon. */
  readonly reason: "exited" | "killed" | "memory" | "cpu" | "lost";
  /** Fit for the log: exit code, bounded tail of stderr. */
  readonly detail: string;
}

/** The program that answers on a guest's stream. */
export interface GuestAgent {
  readonly language: Language;
  /** Command inside the guest, such as `["node", "/guest/agent.cjs"]`. */
  readonly command: readonly string[];
  /** Files placed read-only under `/guest`, by their path there. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /**
   * Whether copies of one started agent may serve different guests: it draws randomness from the kernel for each run, and keeps no
   * identity, secret or time of day from its start. A copy is sent an empty line when it goes on, and may prepare itself
   * until it is idle.
   * Default false: every guest starts its own.
   */
  readonly clonable?: boolean;
  /**
   * Whether a started agent runs one program after another, each in a realm of its own: it says that it is ready again when the realm of
   * the last is gone. It is started with the memory of a program in bytes as its last argument. Default false: one program.
   */
  readonly reusable?: boolean;
}

/** What a launcher can do on this machine. */
export interface LauncherProbe {
  readonly available: boolean;
  /** Why it is not available, and what to do. */
  readonly reason?: string;
  /** Versions of the components that hold the guest, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** What an operator should know, such as a component with known holes. */
  readonly warnings: readonly string[];
  readonly enforcement: Readonly<Record<keyof GuestResources | "network" | "filesystem", Enforcement>>;
  readonly languages: readonly Language[];
}

/** Starts guests of one kind. */
export interface GuestLauncher {
  /** `seccomp`, `basic`, `docker`, `gvisor`, `firecracker` or `qemu`. */
  readonly name: string;
  probe(): Promise<LauncherProbe>;
  /** Starts a guest. Rejects with `sandbox_unavailable` or `cancelled`; nothing is left half-started. */
  launch(agent: GuestAgent, resources: GuestResources, signal?: AbortSignal): Promise<GuestChannel>;
  /** Removes what a dead predecessor left, by label. */
  sweep(): Promise<void>;
  /** Ends all guests. Idempotent. */
  dispose(): Promise<void>;
}
