import type { Effect } from "./effect.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { GuestError, Language } from "./sandbox.ts";

/** What a run does: a program, one call without a program, or the taking back of another run's writes. */
export type RunSource =
  | {
      readonly kind: "program";
      readonly code: string;
      readonly language: Language;
      readonly params?: JsonObject;
    }
  | { readonly kind: "call"; readonly tool: string; readonly args: JsonObject }
  | { readonly kind: "revert"; readonly runId: string };

/** How an attempt at a run ended: without `error`, well. */
export interface RunEnd {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A run as it begins, or goes on. */
export interface RunStart {
  readonly tenant: string;
  /** Unique for a tenant. */
  readonly runId: string;
  /** SHA-256 of the source, in hexadecimal: a run goes on with the source that it began with. */
  readonly program: string;
  readonly source: RunSource;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who runs it, unguessable; the log takes entries of a run from its present owner alone. */
  readonly owner: string;
  /** How long the owner may be silent until another may take the run over, in milliseconds. Each entry begins it anew. */
  readonly leaseMs: number;
  /** The session that it belongs to. Default none. A run that goes on stays with its first. */
  readonly session?: string;
  /**
   * Takes the run from its owner at once: the caller knows that this one is dead. The former owner may still settle its own calls. Default false.
   */
  readonly takeOver?: boolean;
}

/** A call that is about to be made. */
export interface CallIntent {
  /** Equal for calls of one tool with equal arguments. */
  readonly key: string;
  /** `namespace.identifier`. */
  readonly tool: string;
  /** Hash of the tool's definition. */
  readonly toolHash: string;
  readonly args: JsonObject;
  readonly effect: Effect;
  /** The key under which it is sent to a tool that takes one. */
  readonly idempotencyKey?: string;
  readonly at: number;
}

/** How a call ended: `failed` is known not to have worked, `unknown` may have. */
export type CallOutcome =
  | {
      readonly state: "applied";
      readonly value: JsonValue;
      /** Servers that the value may come from, beside the called one. Default none. */
      readonly sources?: readonly string[];
    }
  | { readonly state: "failed"; readonly error: GuestError }
  | { readonly state: "unknown"; readonly error: GuestError };

/** A call that is over. */
export interface EndedCall extends CallIntent {
  readonly outcome: CallOutcome;
}

/** A call in the log. `intended`: its owner has not said how it ended, yet. */
export interface LoggedCall extends CallIntent {
  /** Its place in the run, from 0. */
  readonly index: number;
  readonly outcome: CallOutcome | { readonly state: "intended" };
}

/** A run in the log. */
export interface LoggedRun {
  readonly tenant: string;
  readonly runId: string;
  readonly program: string;
  readonly source: RunSource;
  /** Absent where it belongs to none. */
  readonly session?: string;
  /** When it first began. */
  readonly at: number;
  /** `open`: an owner holds it. */
  readonly state: "open" | "closed";
  /** Of the last attempt; absent while it is under way, and when it died. */
  readonly end?: RunEnd;
  readonly calls: readonly LoggedCall[];
}

/** A run in a list. */
export interface RunSummary extends Omit<LoggedRun, "calls"> {
  readonly calls: number;
}

/** A part of a list, newest first. */
export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** Give it to the next `list`; absent at the end. */
  readonly cursor?: string;
}

/** Keeps what runs meant to do and what came of it. What a method has resolved with is kept, whatever happens to its caller. */
export interface ExecutionLog {
  /**
   * Begins a run, or takes over one that is closed, whose owner has been silent too long, or that is to be taken over; its calls without an
   * outcome become `unknown`.
   * Rejects with `conflict` when it is held by another, or is of another program. The owner that holds it may repeat it, which changes nothing.
   */
  open(start: RunStart): Promise<LoggedRun>;
  /** Notes a call before it is made. Resolves with its index. Rejects with `conflict` when the owner does not hold the run. */
  intend(tenant: string, runId: string, owner: string, intent: CallIntent): Promise<number>;
  /**
   * Notes how a call ended. An owner that has lost the run may still say so of its own calls; an outcome that is known is never replaced.
   * Rejects with `not_found` for a call that was not noted.
   */
  settle(tenant: string, runId: string, owner: string, index: number, outcome: CallOutcome): Promise<void>;
  /**
   * Notes calls that only read, after they were made, in their order. Rejects with `conflict` when the owner does not hold the run, and notes none.
   */
  record(tenant: string, runId: string, owner: string, calls: readonly EndedCall[]): Promise<void>;
  /** Gives the run up; calls without an outcome become `unknown`. Does nothing when the owner does not hold it. */
  close(tenant: string, runId: string, owner: string, end?: RunEnd): Promise<void>;
  /** A run; undefined when it never was, was evicted, or belongs to another tenant. */
  read(tenant: string, runId: string): Promise<LoggedRun | undefined>;
  /** A tenant's runs, newest first: all, or those of a session. `limit` defaults to 20. */
  list(
    tenant: string,
    options?: { readonly cursor?: string; readonly limit?: number; readonly session?: string },
  ): Promise<RunPage>;
}
