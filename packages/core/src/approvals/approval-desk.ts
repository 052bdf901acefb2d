import {
  OptimizerError,
  type ApprovalGrant,
  type Clock,
  type ExecutionLog,
  type LoggedCall,
  type LoggedRun,
  type PendingApproval,
  type RunSource,
} from "@mcp-optimizer/contracts";
import { sourceHash } from "../log/source-hash.ts";
import { approvalKey } from "./approval-key.ts";
import type { ApprovalStates } from "./approval-states.ts";
import { createRunApprovals, type RunApprovals } from "./run-approvals.ts";

/** What a desk stands on. */
export interface ApprovalDeskParts {
  readonly states: ApprovalStates;
  readonly executionLog: Pick<ExecutionLog, "read">;
  readonly clock: Pick<Clock, "now">;
}

/** A run that goes on because a person answered. */
export interface ApprovedRun {
  readonly runId: string;
  readonly approvals: RunApprovals;
}

/** Asks for approvals, and takes the answers. */
export interface ApprovalDesk {
  /** The id of the run that an answer is for. Rejects with `approval_rejected` for a state that was not signed here, was changed, or is too old. */
  runOf(grant: ApprovalGrant): Promise<string>;
  /**
   * The run that an answer is for. Rejects with `approval_rejected` when the answer is no, is not for this work of this tenant, is too old,
   * or is for a run that is not known any more.
   */
  redeem(tenant: string, source: RunSource, grant: ApprovalGrant): Promise<ApprovedRun>;
  /** What a person is asked for a run that has planned. */
  request(
    tenant: string,
    runId: string,
    source: RunSource,
    approvals: RunApprovals,
    complete: boolean,
  ): Promise<PendingApproval>;
}

/** Makes an {@link ApprovalDesk}. */
export function createApprovalDesk({ states, executionLog, clock }: ApprovalDeskParts): ApprovalDesk {
  return {
    runOf: async ({ state }) => (await states.read(state)).runId,
    async redeem(tenant, source, { state, approved }) {
      const { runId, ...known } = await states.read(state);
      if (known.tenant !== tenant || known.source !== sourceHash(source)) {
        throw refusal("the answer belongs to other work; ask for the same with the same arguments");
      }
      // Without its log nobody could tell what of it was done already.
      const run = await executionLog.read(tenant, runId);
      if (!approved) throw refusal(`a person said no; ${doneBefore(run)}`, "person");
      if (run === undefined) {
        throw refusal(`the run ${runId} is not known any more; ask for the same work again`);
      }
      return { runId, approvals: createRunApprovals(unused(known.calls, run.calls.slice(known.logged))) };
    },
    async request(tenant, runId, source, { plans, keys }, complete) {
      const logged = (await executionLog.read(tenant, runId))?.calls.length ?? 0;
      const state = await states.sign({ tenant, runId, source: sourceHash(source), calls: keys, logged });
      const expiresAt = clock.now() + states.ttlMs;
      return { state, request: { runId, calls: [...plans], complete, expiresAt } };
    },
  };
}

/** What was approved less what was made of it since: an answer that comes twice allows nothing twice. */
function unused(keys: readonly string[], made: readonly LoggedCall[]): string[] {
  const left = [...keys];
  for (const { key, toolHash, outcome } of made) {
    const at = left.indexOf(approvalKey(toolHash, key));
    if (at >= 0 && outcome.state !== "failed") left.splice(at, 1);
  }
  return left;
}

/** What a run has done that stays done. */
function doneBefore(run: LoggedRun | undefined): string {
  const writes = run?.calls.filter(({ effect, outcome }) => effect !== "read" && outcome.state !== "failed");
  if (run === undefined || writes === undefined || writes.length === 0) return "nothing of the plan was done";
  const named = writes.map(({ tool, outcome }) => (outcome.state === "applied" ? tool : `${tool} (perhaps)`));
  return `nothing more was done. Done before, by ${run.runId}: ${named.join(", ").slice(0, 1_000)}`;
}

const refusal = (detail: string, reason: "person" | "state" = "state"): OptimizerError =>
  new OptimizerError("approval_rejected", { detail, data: { reason } });
