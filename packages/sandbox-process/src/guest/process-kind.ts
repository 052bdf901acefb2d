import type { Enforcement, Language, GuestResources } from "@mcp-optimizer/contracts";
import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";
import type { ChildDescriptor } from "./child-descriptors.ts";
import type { StartedProcess } from "./started-process.ts";

/** A guest to be started. */
export interface GuestPlan {
  readonly agent: GuestAgent;
  readonly resources: GuestResources;
  readonly label: string;
  readonly uid: number | undefined;
  /** Whether a cgroup holds the guest. */
  readonly cgroup: boolean;
}

/** The command of one guest. */
export interface GuestCommand {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What the child gets from descriptor 3 on. */
  readonly descriptors: readonly ChildDescriptor[];
  /** Descriptor on which bubblewrap reports; `undefined` without bubblewrap. */
  readonly statusDescriptor: number | undefined;
  readonly fileBytes: number | undefined;
  /** Most tasks of the user, where no cgroup counts them. */
  readonly userTasks: number | undefined;
  /** Called when the child has its descriptors, or could not be started. Idempotent. */
  started(): Promise<void>;
  /** Called once nothing of the guest runs any more. */
  gone(): Promise<void>;
}

/** What a kind can do on this machine. */
export interface KindCheck {
  readonly versions: Readonly<Record<string, string>>;
  readonly languages: readonly Language[];
  readonly warnings: readonly string[];
}

/** A kind of guests in processes. */
export interface ProcessKind {
  readonly name: "seccomp" | "basic";
  /** Processes of our own that count as tasks of a guest. */
  readonly supervisors: number;
  readonly enforcement: Readonly<Record<"diskBytes" | "network" | "filesystem", Enforcement>>;
  /** Rejects with `sandbox_unavailable` when a component is missing. */
  check(): Promise<KindCheck>;
  command(plan: GuestPlan): Promise<GuestCommand>;
  /** Processes of a guest, for limits and for its end. */
  processes(guest: StartedProcess): Promise<readonly number[]>;
  /** Processes that carry a label that the test holds for. With them, all of their guests end. */
  labelled(test: (label: string) => boolean): Promise<readonly number[]>;
  dispose(): Promise<void>;
}
