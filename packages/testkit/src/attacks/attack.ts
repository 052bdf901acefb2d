import type { ErrorCode, GuestOutcome, RunLimits } from "@mcp-optimizer/contracts";
import type { SeenCall } from "./host/attack-host.ts";

/** The nine kinds of attacks. */
export type AttackGroup =
  | "cpu"
  | "memory"
  | "processes"
  | "files"
  | "secrets"
  | "network"
  | "kernel"
  | "language"
  | "bridge";

/** How a run may end: `value` is without a failure. */
export type AttackEnd = ErrorCode | "value";

/** What is known of one run when it is over. */
export interface AttackEvidence {
  readonly outcome: GuestOutcome;
  readonly limits: Readonly<RunLimits>;
  /** Every call that the host was given, in order. */
  readonly calls: readonly SeenCall[];
}

/** One attack: what runs, how it has to end, and what of it the host looks at beyond what it looks at in every run. */
export interface Attack {
  /** Unique; begins with its group. */
  readonly id: string;
  readonly group: AttackGroup;
  readonly title: string;
  /** Body of an async function. `T` holds the targets; `sys` what a way out of the realm gave, if `breakout`. */
  readonly javascript?: string;
  /** A program. `T` holds the targets, as a dictionary. */
  readonly python?: string;
  /** The JavaScript first looks for a way out of its realm into the process around it. Where there is none, the attack ends there. */
  readonly breakout?: boolean;
  /** The JavaScript is the whole source, not the body of a function. */
  readonly wholeSource?: boolean;
  readonly limits?: Partial<RunLimits>;
  /** How a run may end. Default: any way that a program's run ends, but none that is the host's fault. */
  readonly ends?: readonly AttackEnd[];
  /** What this attack reached that no general look finds; `undefined` for nothing. */
  readonly reached?: (evidence: AttackEvidence) => string | undefined;
}

/** What an attack gets to know of the host, as its programs see it in `T`. None of it is secret. */
export interface AttackTargets {
  /** Marks this run: in the names of its files and processes, and in what it sends. */
  readonly nonce: string;
  /** Folder of the host with `secret.txt` (readable to all), `private.txt` (to its owner) and `open.txt` (writable to all). */
  readonly folder: string;
  /** A process of the host that holds the secret in its environment, arguments and memory. */
  readonly canaryPid: number;
  /** The process that hosts the sandbox. */
  readonly hostPid: number;
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Addresses of the host. */
  readonly addresses: readonly string[];
  readonly unixPath: string;
  /** Name of an abstract Unix socket, without its NUL. */
  readonly abstractName: string;
  /** A file in the host's shared memory, readable to all. */
  readonly shmPath: string;
  readonly hostname: string;
  /** The release of the host's kernel: what a guest with a kernel of its own does to that one is no escape. */
  readonly kernel: string;
  readonly home: string;
  /** What another tenant's guest called its files and sockets. */
  readonly victim: string;
  /** Whether a signal to every process hits none but the guest's. */
  readonly mayKillAll: boolean;
}
