import { OptimizerError, type PendingApproval, type ToolProgress } from "@mcp-optimizer/contracts";
import { callKey } from "../log/call-key.ts";
import type { DirectRunner } from "../run/direct-run.ts";
import type { RevertPlan } from "./revert-plan.ts";
import type { RevertReport } from "./revert-report.ts";

/** Whose revert it is. */
export interface RevertRunOptions {
  readonly tenant: string;
  readonly principal?: string;
  readonly scopes?: readonly string[];
  readonly session?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ToolProgress) => void;
}

/** The run under which a revert is logged. */
export const revertRunId = (runId: string): string => `${runId}.revert`;

interface Attempt {
  /** Steps that were made; undefined when it did not begin. */
  readonly count: number | undefined;
  readonly error?: unknown;
  readonly pending?: PendingApproval;
}

/**
 * Does the steps of a plan that a person has seen and allowed, one after another, and stops at the first that fails: the steps after it
 * undo what came before, and may need it done. Steps that an earlier attempt did are not repeated.
 */
export async function doRevert(
  runDirect: DirectRunner,
  plan: RevertPlan,
  options: RevertRunOptions,
): Promise<RevertReport> {
  let attempt = await attemptRevert(runDirect, plan, options);
  // Where policy asks about a step, the answer is there already. Each round settles one more of them at least.
  for (let round = 0; round < plan.steps.length && isAnswered(plan, attempt.pending); round++) {
    attempt = await attemptRevert(runDirect, plan, options, attempt.pending);
  }
  const { count, error, pending } = attempt;
  if (count === undefined || pending !== undefined) throw error;
  return reportOf(plan, count, error);
}

async function attemptRevert(
  runDirect: DirectRunner,
  { runId, steps }: RevertPlan,
  options: RevertRunOptions,
  answered?: PendingApproval,
): Promise<Attempt> {
  let count: number | undefined;
  let pending: PendingApproval | undefined;
  const onApproval = (asked: PendingApproval): void => {
    pending = asked;
  };
  const approval = answered && { state: answered.state, approved: true };
  const how = { ...options, runId: revertRunId(runId), onApproval, ...(approval && { approval }) };
  const failure = await runDirect({ kind: "revert", runId }, how, async (run) => {
    count = 0;
    for (const { tool, args } of steps) {
      if (options.signal?.aborted === true) throw new OptimizerError("cancelled");
      await run.call(tool, args);
      count += 1;
    }
  }).then(
    () => ({}),
    (error: unknown) => ({ error }),
  );
  return { count, ...failure, ...(pending && { pending }) };
}

/** Whether all that is asked about was in the plan: a step may make calls of its own, which nobody has seen. */
function isAnswered({ steps }: RevertPlan, pending: PendingApproval | undefined): boolean {
  const seen = new Set(steps.map(({ tool, args }) => callKey(tool, args)));
  const asked = pending?.request.calls.filter((call) => call.asked);
  return asked?.every(({ tool, args }) => seen.has(callKey(tool, args))) ?? false;
}

function reportOf({ runId, steps, cannot }: RevertPlan, count: number, error: unknown): RevertReport {
  const done = steps.slice(0, count).map((step) => ({ ...step, done: true }));
  const step = steps[count];
  const report = { runId: revertRunId(runId), done, left: steps.slice(count + 1), cannot };
  if (step === undefined) return report;
  const { code, message } = OptimizerError.is(error) ? error : new OptimizerError("internal");
  return { ...report, failed: { step, error: { code, message } } };
}
