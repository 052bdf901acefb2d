import type { Effect } from "./effect.ts";
import type { JsonObject } from "./json.ts";

/** A call that a program would make once it goes on. */
export interface PlannedCall {
  /** `namespace.identifier`. */
  readonly tool: string;
  readonly args: JsonObject;
  readonly effect: Effect;
  /** Whether policy wants a person to decide on it; the others follow once those are allowed. */
  readonly asked: boolean;
  /** Why it is asked about, or what it is. */
  readonly reason: string;
}

/** What a person is asked before a run goes on. */
export interface ApprovalRequest {
  readonly runId: string;
  /** In the order in which the program makes them. None of them has been made. */
  readonly calls: readonly PlannedCall[];
  /** Whether the program was followed to its end: later calls may still be asked about when it was not. */
  readonly complete: boolean;
  /** Milliseconds since the epoch; after it the answer is not taken. */
  readonly expiresAt: number;
}

/** A request for approval with what proves it: the run goes on when the same work is asked for again with the state and the answer. */
export interface PendingApproval {
  readonly request: ApprovalRequest;
  /** Opaque and signed; safe to give to a client. */
  readonly state: string;
}

/** A person's answer. */
export interface ApprovalGrant {
  /** Of the {@link PendingApproval} that it answers. */
  readonly state: string;
  readonly approved: boolean;
}
