import {
  OptimizerError,
  type CallIntent,
  type CallOutcome,
  type Clock,
  type Effect,
  type ExecutionLog,
  type JsonObject,
  type JsonValue,
  type LoggedCall,
  type RunEnd,
  type RunSource,
} from "@mcp-optimizer/contracts";
import { createHash } from "node:crypto";
import { canonicalJson } from "../catalogue/canonical-json.ts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";

/** A call that a program asks for. */
export interface JournalledCall {
  readonly tool: CatalogueTool;
  readonly args: JsonObject;
  readonly effect: Effect;
  /** The operator says that doing it twice does no harm. */
  readonly repeatable: boolean;
}

/** The value of a call, and whether it comes from an earlier attempt at the run. */
export interface JournalAnswer {
  readonly value: JsonValue;
  readonly replayed: boolean;
}

/** What the journal of a run stands on. */
export interface RunJournalOptions {
  readonly log: ExecutionLog;
  readonly clock: Pick<Clock, "now">;
  readonly tenant: string;
  readonly runId: string;
  readonly source: RunSource;
  readonly owner: string;
  readonly leaseMs: number;
}

/** The log of one run, as the run writes and reads it. */
export interface RunJournal {
  /**
   * Makes a call, or gives what it gave in an earlier attempt. A write that was applied, or may have been, is never made again:
   * the latter throws `outcome_unknown`. `perform` tells how the call ended, and never throws; nothing is called before the log has the intention.
   */
  call(call: JournalledCall, perform: () => Promise<CallOutcome>): Promise<JournalAnswer>;
  /** Ends the run. What is still under way counts as unknown. */
  close(error?: RunEnd["error"]): Promise<void>;
}

/** Begins a run in the log, or goes on with it. Rejects with `conflict`, or what the log rejects with. */
export async function openRunJournal(options: RunJournalOptions): Promise<RunJournal> {
  const { log, clock, tenant, runId, source, owner, leaseMs } = options;
  const program = sourceHash(source);
  const { calls } = await log.open({ tenant, runId, program, source, at: clock.now(), owner, leaseMs });
  const earlier = groupByKey(calls);
  const doubtful = new Set<string>();

  const make = async (
    intent: CallIntent,
    { effect, repeatable }: JournalledCall,
    perform: () => Promise<CallOutcome>,
  ) => {
    const index = await log.intend(tenant, runId, owner, intent);
    const outcome = await perform();
    if (outcome.state === "unknown" && mayNotRepeat(effect, repeatable)) doubtful.add(intent.key);
    await log.settle(tenant, runId, owner, index, outcome);
    return outcome;
  };

  return {
    async call(call, perform) {
      const { tool, args, effect, repeatable } = call;
      const key = createHash("sha256")
        .update(`${tool.path}\n${canonicalJson(args)}`)
        .digest("base64url");
      const recorded = earlier.get(key)?.shift();
      const guarded = mayNotRepeat(effect, repeatable);
      if (recorded !== undefined && guarded && recorded.toolHash !== tool.hash) {
        throw new OptimizerError("conflict", {
          detail: `${tool.path} is not the tool any more that this run called`,
        });
      }
      if (recorded?.outcome.state === "applied") return { value: recorded.outcome.value, replayed: true };
      if (guarded && (recorded !== undefined || doubtful.has(key))) throw unknownOutcome(tool.path);
      const intent = { key, tool: tool.path, toolHash: tool.hash, args, effect, at: clock.now() };
      const outcome = await make(intent, call, perform);
      if (outcome.state === "applied") return { value: outcome.value, replayed: false };
      throw OptimizerError.restore(outcome.error);
    },
    close: (error) => log.close(tenant, runId, owner, { at: clock.now(), ...(error && { error }) }),
  };
}

/** What a run's source is known by, in hexadecimal. */
export function sourceHash(source: RunSource): string {
  return createHash("sha256")
    .update(canonicalJson(source as unknown as JsonObject))
    .digest("hex");
}

/** Whether doing it twice could do harm. */
const mayNotRepeat = (effect: Effect, repeatable: boolean): boolean => effect !== "read" && !repeatable;

/** What counts in another attempt: a call that is known to have failed may be made again, and so may a read without a result. */
function groupByKey(calls: readonly LoggedCall[]): Map<string, LoggedCall[]> {
  const groups = new Map<string, LoggedCall[]>();
  for (const call of calls) {
    const { state } = call.outcome;
    if (state === "failed" || (call.effect === "read" && state !== "applied")) continue;
    const group = groups.get(call.key);
    if (group === undefined) groups.set(call.key, [call]);
    else group.push(call);
  }
  return groups;
}

const unknownOutcome = (tool: string): OptimizerError =>
  new OptimizerError("outcome_unknown", {
    detail: `${tool} was called with the same arguments before, and nobody knows whether it worked; look, then decide`,
  });
