import { OptimizerError, type JobHandler, type PendingApproval } from "@mcp-optimizer/contracts";
import type { RunOwner } from "../ledger/run-tallies.ts";
import type { DirectAnswer, DirectCall } from "../run/direct-call.ts";
import type { Executor } from "../run/executor.ts";
import { doneJson, readWork, type DoneWork } from "./queued-work.ts";

/** What does the work of a worker. Rates of runs were counted by the front: here they are not. */
export interface JobHandlerParts {
  readonly executor: Executor;
  readonly callDirect: (call: DirectCall) => Promise<DirectAnswer>;
  /** Is told of a run that the front of it asked for, and that began. */
  readonly claim: (run: RunOwner) => void;
}

/** Makes what a worker does with its jobs. */
export function createJobHandler({ executor, callDirect, claim }: JobHandlerParts): JobHandler {
  return async ({ tenant, runId, work: json }, { signal, takeOver, onProgress }) => {
    const work = readWork(json);
    let pending: PendingApproval | undefined;
    const onApproval = (asked: PendingApproval): void => void (pending = asked);
    const { session } = work.kind === "program" ? work.request : work.call;
    const how = { tenant, runId, signal, onProgress, onApproval, ...(takeOver && { takeOver }) };
    const done = async (): Promise<DoneWork> => {
      if (work.kind === "program") {
        const { report } = await executor.run({ ...work.request, ...how });
        claim({ tenant, session, runId });
        return { report };
      }
      const sources = new Set<string>();
      try {
        const answer = await callDirect({ ...work.call, ...how, sources });
        return { answer, sources: [...sources] };
      } catch (error) {
        // The question goes with the error that says that there is one.
        if (!OptimizerError.is(error) || pending === undefined) throw error;
        const { code, message, data } = error;
        return { error: { code, message, ...(data && { data }) }, sources: [...sources] };
      } finally {
        claim({ tenant, session, runId });
      }
    };
    return doneJson({ ...(await done()), ...(pending && { pending }) });
  };
}
