import { OptimizerError, type RunLimits, type RunQueue } from "@mcp-optimizer/contracts";
import type { ApprovalDesk } from "../approvals/approval-desk.ts";
import type { CatalogueView } from "../catalogue/catalogue-view.ts";
import { INTENTS } from "../intents/intent-definition.ts";
import { SAVE_PROGRAM } from "../intents/intent.ts";
import type { RunOwner } from "../ledger/run-tallies.ts";
import { sourceHash } from "../log/source-hash.ts";
import type { UsageLimits } from "../rates/usage-limits.ts";
import type { DirectAnswer, DirectCall } from "../run/direct-call.ts";
import { leavingSignal } from "./leaving-signal.ts";
import { readDone, workJson } from "./queued-work.ts";
import { sameWork } from "./same-work.ts";

/** What the calls of a front work with. */
export interface QueuedCallsParts {
  readonly queue: Pick<RunQueue, "run">;
  readonly catalogue: CatalogueView;
  /** Makes calls that need no worker. */
  readonly local: (call: DirectCall) => Promise<DirectAnswer>;
  readonly approvals: Pick<ApprovalDesk, "runOf">;
  readonly usage: Pick<UsageLimits, "enter">;
  readonly limits: RunLimits;
  readonly randomId: () => string;
  /** Aborts when this process closes. */
  readonly closing: AbortSignal;
  /** Is told that a run is over whose calls another process counts. */
  readonly ended: (run: RunOwner) => void;
}

const LEASE_SLACK_MS = 180_000;

/** Gives calls of intents to workers, since programs stand behind them; other calls are made here. */
export function createQueuedCalls(parts: QueuedCallsParts): (call: DirectCall) => Promise<DirectAnswer> {
  const { queue, catalogue, approvals, usage, limits, randomId } = parts;
  return async (call) => {
    const tool = catalogue(call).resolve(call.name);
    if (tool?.server !== INTENTS || tool.name === SAVE_PROGRAM) return await parts.local(call);
    const { signal, onProgress, onApproval, sources, trail: _here, ...asked } = call;
    const { tenant = "local", principal, session, args, approval } = asked;
    const approved = approval && (await approvals.runOf(approval));
    const runId = approved ?? asked.runId ?? `r_${randomId()}`;
    const { leave } = await usage.enter({ tenant, principal, session }, limits.wallMs + LEASE_SLACK_MS);
    try {
      const job = {
        tenant,
        runId,
        same: sameWork(sourceHash({ kind: "call", tool: tool.path, args }), asked),
        work: workJson({ kind: "call", call: asked }),
      };
      using leaving = leavingSignal(signal, parts.closing);
      const told = { signal: leaving.signal, ...(onProgress && { onProgress }) };
      const done = readDone(await queue.run(job, told));
      for (const source of done.sources ?? []) sources?.add(source);
      if (done.pending !== undefined) onApproval?.(done.pending);
      if (done.error !== undefined) throw OptimizerError.restore(done.error);
      return done.answer!;
    } finally {
      parts.ended({ tenant, session, runId });
      leave();
    }
  };
}
