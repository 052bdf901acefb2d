import type { ErrorCode } from "./error-codes.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { RunLimits } from "./limits.ts";

/** A language that a guest can run. */
export type Language = "javascript" | "python";

/** How firmly a backend holds a limit: `enforced` by a boundary, `soft` by checks that a native loop can outrun, or `none`. */
export type Enforcement = "enforced" | "soft" | "none";

/** What a sandbox may hold a guest to. */
export type SandboxBound = keyof RunLimits | "network" | "filesystem";

/** What a backend can do on this machine. */
export interface SandboxProbe {
  readonly available: boolean;
  /** Why it is not available, and what to do. */
  readonly reason?: string;
  readonly languages: readonly Language[];
  /** Versions of the components that hold the guest, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** What an operator should know, such as a component with known holes. */
  readonly warnings: readonly string[];
  /** How each limit is held; `network` is having none, `filesystem` a root that cannot be written. */
  readonly enforcement: Readonly<Record<SandboxBound, Enforcement>>;
}

/** What a lease is asked for. */
export interface LeaseRequest {
  /** Guests of different tenants never share a worker, process, container or VM at a time. */
  readonly tenant: string;
  readonly limits: Readonly<RunLimits>;
  readonly signal?: AbortSignal;
}

/** A namespace of tools that a program sees as a global object of async functions. */
export interface GuestNamespace {
  /** A legal identifier. */
  readonly name: string;
  /** Names of its functions, for enumeration. Any other property is a function too: the host decides whether it exists. */
  readonly tools: readonly string[];
}

/** A program, prepared by the engine. */
export interface GuestProgram {
  readonly language: Language;
  /** JavaScript: an expression whose value is an async function without parameters. */
  readonly source: string;
  readonly namespaces: readonly GuestNamespace[];
  /** A seed makes `Math.random` and `crypto.getRandomValues` repeatable. Without it they are random. */
  readonly seed?: number;
}

/** A call of the guest to the host. Already checked for size, nesting and count; it grants nothing. */
export interface HostCall {
  /** `namespace.tool`, or a function of the engine such as `tools.search`. */
  readonly name: string;
  /** The arguments as the guest passed them; none is an empty list. */
  readonly args: readonly JsonValue[];
}

/** An error as a guest sees it, and as it comes back out. */
export interface GuestError {
  readonly code: ErrorCode;
  readonly message: string;
  /** The tool at fault, as `namespace.tool`. */
  readonly tool?: string;
  readonly data?: JsonObject;
}

/** The host's answer to a call. An absent `value` is `undefined`. */
export type HostReply =
  | { readonly ok: true; readonly value?: JsonValue }
  | { readonly ok: false; readonly error: GuestError };

/** What the engine offers to a running guest. */
export interface HostBindings {
  /** Answers one call. Never rejects. `signal` aborts when the run is over, however it ended. */
  call(call: HostCall, signal: AbortSignal): Promise<HostReply>;
}

/** A line that the program wrote to its console. */
export interface ConsoleLine {
  readonly level: "log" | "info" | "warn" | "error" | "debug";
  readonly text: string;
}

/** A place in the source that the guest was given; both count from 1. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** Why a program has no value. */
export interface GuestFailure extends GuestError {
  /** The error's class name in the guest, such as `TypeError`. */
  readonly name?: string;
  /** The nearest place in the source, where the guest can tell. */
  readonly position?: SourcePosition;
}

/** What a run used. */
export interface GuestUsage {
  /** Time in which the guest computed, in milliseconds. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Memory of the guest at the end, in bytes, where the backend can tell. */
  readonly memoryBytes?: number;
}

/** How a run ended. A program that threw, or hit a limit, is an outcome too, not a rejection. */
export interface GuestOutcome {
  /** The returned value; absent when the program returned nothing, or failed. */
  readonly value?: JsonValue;
  readonly failure?: GuestFailure;
  readonly console: readonly ConsoleLine[];
  /** Bytes of console output over the limit, not kept. */
  readonly consoleOmittedBytes: number;
  /** Promise rejections that nothing handled when the program ended. */
  readonly unhandled: readonly GuestFailure[];
  readonly usage: GuestUsage;
}

/** What a capability sees of a guest. */
export interface SandboxSession {
  /** Runs one program in a fresh realm. Resolves with its outcome; rejects only with `sandbox_unavailable` or `internal`. */
  run(program: GuestProgram, host: HostBindings, signal?: AbortSignal): Promise<GuestOutcome>;
}

/** A leased guest: identity, limits and end. Belongs to the engine. */
export interface SandboxLease {
  readonly limits: Readonly<RunLimits>;
  readonly session: SandboxSession;
  /** Gives the guest back or ends it. Idempotent. */
  dispose(): Promise<void>;
}

/** A kind of sandbox. */
export interface SandboxBackend {
  /** `wasi`, `seccomp`, `docker`, … */
  readonly name: string;
  probe(): Promise<SandboxProbe>;
  /** Waits for a free guest. Rejects with `sandbox_unavailable`, `cancelled` or `shutting_down`. */
  lease(request: LeaseRequest): Promise<SandboxLease>;
  /** Ends all guests. Idempotent. */
  dispose(): Promise<void>;
}
