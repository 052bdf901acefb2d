import type { LoggedRun, RunPage, ServedCallOptions } from "@mcp-optimizer/contracts";
import type { DirectAnswer } from "../run/direct-call.ts";
import type { RunReport } from "../run/run-report.ts";
import type { RevertPlan } from "./revert-plan.ts";
import type { RevertReport } from "./revert-report.ts";

/** How a run is gone through again. */
export interface ReplayOptions extends Pick<
  ServedCallOptions,
  "tenant" | "principal" | "scopes" | "session" | "signal" | "onProgress" | "approval" | "onApproval"
> {
  /** Reports the value of a program whole. Default false. */
  readonly whole?: boolean;
}

/** What a run gave when it was gone through again. */
export type Replay =
  | { readonly kind: "program"; readonly report: RunReport }
  | { readonly kind: "call"; readonly answer: DirectAnswer };

/** How a revert is planned. */
export interface RevertPlanOptions {
  /** Default `local`. */
  readonly tenant?: string;
  /** What the caller was granted. Default none. */
  readonly scopes?: readonly string[];
  /** Places of calls that are left as they are. Default none. */
  readonly skip?: readonly number[];
}

/** How a run is taken back. */
export interface RevertOptions
  extends RevertPlanOptions, Pick<ServedCallOptions, "principal" | "session" | "signal" | "onProgress"> {
  /** The `id` of the plan that a person has seen and allowed. */
  readonly approved?: string;
}

/** What was run. All reject with `not_found` for a run that is not known to the tenant. */
export interface Runs {
  /** Newest first. */
  list(options?: {
    readonly tenant?: string;
    readonly cursor?: string;
    readonly limit?: number;
  }): Promise<RunPage>;
  show(runId: string, tenant?: string): Promise<LoggedRun>;
  /**
   * Runs the source of a run again under its id: calls that were applied give what they gave, and no write is repeated. Rejects with `conflict`
   * before anything runs when a tool that it wrote with is another by now, when it is under way, and for a revert.
   */
  replay(runId: string, options?: ReplayOptions): Promise<Replay>;
  /** Says what a revert would do. Rejects with `conflict` for a run that is under way. */
  planRevert(runId: string, options?: RevertPlanOptions): Promise<RevertPlan>;
  /**
   * Takes back what a run wrote, in reverse order, and stops at the first step that fails. Done again, it repeats nothing. Rejects with
   * `approval_required` without an approved plan, with `conflict` when that plan is not how the run is taken back now.
   */
  revert(runId: string, options: RevertOptions): Promise<RevertReport>;
}
