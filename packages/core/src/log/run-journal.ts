import {
  OptimizerError,
  type CallIntent,
  type CallOutcome,
  type Clock,
  type Effect,
  type EndedCall,
  type ExecutionLog,
  type JsonObject,
  type JsonValue,
  type LoggedCall,
  type RunEnd,
  type RunSource,
} from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { sourceHash } from "./source-hash.ts";

/** What a run does that is to be the same when it goes on: a call, or a function of the engine. */
export interface JournalledAct {
  readonly tool: Pick<CatalogueTool, "path" | "hash">;
  readonly args: JsonObject;
  /** What equal calls share: what `callKey` makes of them. */
  readonly key: string;
  readonly effect: Effect;
  /** The operator says that doing it twice does no harm. */
  readonly repeatable: boolean;
  /** It only reads of servers, and changes something of ours, the same if it is done twice: what was read before is noted first. Default false. */
  readonly changes?: boolean;
  /** The tool takes an idempotency key: the same call may be sent again under the same key. Default false. */
  readonly idempotent?: boolean;
}

/** A call that a program asks for. */
export interface JournalledCall extends JournalledAct {
  readonly tool: CatalogueTool;
}

/** The value of a call, and whether it comes from an earlier attempt at the run. */
export interface JournalAnswer {
  readonly value: JsonValue;
  readonly replayed: boolean;
  /** Servers that it may come from, as the call told then. */
  readonly sources?: readonly string[] | undefined;
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
  readonly randomId: () => string;
  /** The session that the run belongs to, if it begins now. Default none. */
  readonly session?: string | undefined;
  /** Takes the run from its owner, who is dead. Default false. */
  readonly takeOver?: boolean | undefined;
}

/** The log of one run, as the run writes and reads it. */
export interface RunJournal {
  /** The session that the run belongs to since it first began. */
  readonly session: string | undefined;
  /** The run has calls of an earlier attempt, and has to make the same ones. */
  readonly goesOn: boolean;
  /** Whether {@link call} has an answer, or a refusal, without making the call. */
  knows(call: JournalledAct): boolean;
  /**
   * Makes a call, or gives what it gave in an earlier attempt. A write that was applied, or may have been, is never made again:
   * the latter throws `outcome_unknown`, unless the tool takes an idempotency key, when it is sent again under its first one.
   * `perform` tells how the call ended, and never throws. What does more than read is not called before the log has the intention, and all
   * that was read before; reads are noted together, later.
   */
  call(
    call: JournalledAct,
    perform: (idempotencyKey: string | undefined) => Promise<CallOutcome>,
  ): Promise<JournalAnswer>;
  /** Ends the run. What is still under way counts as unknown. */
  close(error?: RunEnd["error"]): Promise<void>;
}

/** Begins a run in the log, or goes on with it. Rejects with `conflict`, or what the log rejects with. */
export async function openRunJournal(options: RunJournalOptions): Promise<RunJournal> {
  const { log, clock, tenant, runId, source, owner, leaseMs, randomId, session, takeOver = false } = options;
  const program = sourceHash(source);
  const start = { tenant, runId, program, source, at: clock.now(), owner, leaseMs, takeOver };
  const { calls, ...opened } = await log.open({ ...start, ...(session !== undefined && { session }) });
  const earlier = groupByKey(calls);
  /** Reads that the log does not have yet. */
  let read: EndedCall[] = [];
  let noted: Promise<void> = Promise.resolve();
  const noteReads = async (): Promise<void> => {
    const batch = read;
    read = [];
    if (batch.length === 0) return;
    try {
      await log.record(tenant, runId, owner, batch);
    } catch (error) {
      // They are noted with what comes next.
      read = [...batch, ...read];
      throw error;
    }
  };
  const note = (): Promise<void> => (noted = noted.then(noteReads, noteReads));
  /** Calls of this attempt that may have worked, each with the idempotency key under which it was sent, by their content. */
  const doubtful = new Map<string, Doubt[]>();

  return {
    session: opened.session,
    goesOn: calls.length > 0,
    knows({ key, effect, repeatable }) {
      const recorded = earlier.get(key)?.[0];
      if (recorded === undefined || recorded.outcome.state === "applied") return recorded !== undefined;
      return isGuarded(effect, repeatable) && recorded.idempotencyKey === undefined;
    },
    async call(call, perform) {
      const { tool, args, key, effect, repeatable, idempotent = false } = call;
      const before = earlier.get(key) ?? [];
      const [recorded] = before;
      const guarded = isGuarded(effect, repeatable);
      if (recorded !== undefined && guarded && recorded.toolHash !== tool.hash) {
        throw new OptimizerError("conflict", {
          detail: `${tool.path} is not the tool any more that this run called`,
        });
      }
      if (recorded?.outcome.state === "applied") {
        before.shift();
        const { value, sources } = recorded.outcome;
        return { value, replayed: true, sources };
      }
      const doubts = doubtful.get(key) ?? [];
      const doubt = recorded ?? doubts[0];
      const sentUnder = doubt?.idempotencyKey;
      // What is refused stays refused, however often a program tries.
      if (guarded && doubt !== undefined && sentUnder === undefined) throw unknownOutcome(tool.path);
      // One call takes the key over; the next that is equal is a call of its own.
      if (recorded === undefined) doubts.shift();
      else before.shift();
      const idempotencyKey = sentUnder ?? (idempotent ? randomId() : undefined);
      const intent: CallIntent = {
        key,
        tool: tool.path,
        toolHash: tool.hash,
        args,
        effect,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
        at: clock.now(),
      };
      if (effect === "read") {
        if (call.changes === true) await note();
        const outcome = await perform(idempotencyKey);
        read.push({ ...intent, outcome });
        if (read.length >= READS_AT_ONCE) await note();
        return answerOf(outcome);
      }
      await note();
      const index = await log.intend(tenant, runId, owner, intent);
      const outcome = await perform(idempotencyKey);
      // Until the log has how it ended, it may have worked.
      const open: Doubt = { idempotencyKey };
      if (guarded) doubtful.set(key, [...(doubtful.get(key) ?? []), open]);
      await log.settle(tenant, runId, owner, index, outcome).catch((cause: unknown) => {
        throw guarded && outcome.state === "applied" ? unnotedOutcome(tool.path, cause) : cause;
      });
      if (guarded && outcome.state !== "unknown") {
        doubtful.set(
          key,
          (doubtful.get(key) ?? []).filter((one) => one !== open),
        );
      }
      return answerOf(outcome);
    },
    async close(error) {
      // A run that nobody goes on with is given up, whatever of it could not be noted.
      try {
        await note();
      } finally {
        await log.close(tenant, runId, owner, { at: clock.now(), ...(error && { error }) });
      }
    },
  };
}

/** A call that may have worked. */
interface Doubt {
  readonly idempotencyKey: string | undefined;
}

/** Whether doing it twice could do harm. */
const isGuarded = (effect: Effect, repeatable: boolean): boolean => effect !== "read" && !repeatable;

/** Reads that are noted together. */
const READS_AT_ONCE = 32;

function answerOf(outcome: CallOutcome): JournalAnswer {
  if (outcome.state === "applied") return { value: outcome.value, replayed: false };
  throw OptimizerError.restore(outcome.error);
}

/**
 * What counts in another attempt. A call that is known to have failed may be made again, and so may a read without a result. All that
 * was sent under one idempotency key is one call, which worked if it did once.
 */
function groupByKey(calls: readonly LoggedCall[]): Map<string, LoggedCall[]> {
  const kept = calls.filter(
    ({ outcome, effect }) => outcome.state === "applied" || (outcome.state !== "failed" && effect !== "read"),
  );
  const sent = new Map<string, LoggedCall>();
  for (const call of kept) {
    const { idempotencyKey, outcome } = call;
    if (idempotencyKey === undefined) continue;
    if (!sent.has(idempotencyKey) || outcome.state === "applied") sent.set(idempotencyKey, call);
  }
  return Map.groupBy(
    kept.filter((call) => call.idempotencyKey === undefined || sent.get(call.idempotencyKey) === call),
    ({ key }) => key,
  );
}

const unnotedOutcome = (tool: string, cause: unknown): OptimizerError =>
  new OptimizerError("outcome_unknown", {
    detail: `${tool} answered that it worked, and the log could not be told; look before you repeat it`,
    cause,
  });

const unknownOutcome = (tool: string): OptimizerError =>
  new OptimizerError("outcome_unknown", {
    detail: `${tool} was called with the same arguments before, and nobody knows whether it worked; look, then decide`,
  });
