import { hash, randomUUID } from "node:crypto";
import {
  OptimizerError,
  type CallOutcome,
  type Clock,
  type ExecutionLog,
  type LoggedRun,
} from "@mcp-optimizer/contracts";
import type { RedisLink, RedisScript, RedisValue } from "../link/redis-link.ts";
import { scriptTime } from "../time/script-time.ts";
import { CLOSE, INTEND, LIST, OPEN, READ, RECORD, SETTLE } from "./log-scripts.ts";
import { callsOf, headOf, type RunHead, type ShownRun } from "./read-run.ts";

/** Settings of a {@link createRedisExecutionLog}. */
export interface RedisExecutionLogOptions {
  readonly link: RedisLink;
  /** Default: Redis's own, which is the same for all processes. */
  readonly clock?: Pick<Clock, "now">;
  /** Runs of a tenant that are kept; over it, its closed ones that were opened longest ago go first. Default 10,000. */
  readonly maxRuns?: number;
  /** Bytes of a tenant's programs, arguments and results together; over it, its closed runs go as above. Default 256 MiB. */
  readonly maxBytes?: number;
  /** How long a run is kept since something was last noted of it, in milliseconds. Default 7 days. */
  readonly keepMs?: number;
}

const WEEK_MS = 604_800_000;

/**
 * An execution log that processes share. All of a tenant is in one slot of a cluster, so that each method is one step. An entry that a client
 * library sends a second time is noted once; a caller that repeats `intend` after `store_unavailable` may note two, and the first becomes `unknown`.
 */
export function createRedisExecutionLog(options: RedisExecutionLogOptions): ExecutionLog {
  const { link, clock, maxRuns = 10_000, maxBytes = 256 * 1024 * 1024, keepMs = WEEK_MS } = options;
  const scripts = {
    open: link.writing(OPEN),
    intend: link.writing(INTEND),
    settle: link.writing(SETTLE),
    record: link.writing(RECORD),
    close: link.writing(CLOSE),
  };
  const read = link.reading(READ);
  const list = link.reading(LIST);

  const write = (
    script: RedisScript,
    tenant: string,
    runId: string,
    owner: string,
    args: readonly RedisValue[],
  ): Promise<unknown> => {
    const slot = slotOf(tenant);
    const member = named(runId);
    const keys = [link.key(slot, "run", member), link.key(slot, "order"), link.key(slot, "index")];
    const shared = [scriptTime(clock), `${link.key(slot)}:`, member, keepMs, maxRuns, maxBytes, owner];
    return script(keys, [...shared, ...args]);
  };
  /** The rest of a run whose calls are too long for one answer. */
  const whole = async (tenant: string, runId: string, shown: ShownRun): Promise<LoggedRun | undefined> => {
    const calls = callsOf(shown, 0);
    const [, , , count] = shown;
    const key = link.key(slotOf(tenant), "run", named(runId));
    while (calls.length < count) {
      const more = (await read([key], [scriptTime(clock), calls.length])) as ShownRun | null;
      const rest = more === null ? [] : callsOf(more, calls.length);
      // It was forgotten, and may have been begun anew since.
      if (rest.length === 0) return undefined;
      calls.push(...rest);
    }
    return { ...headOf(shown), calls: calls.slice(0, count) };
  };

  return {
    async open(start) {
      const { tenant, runId, program, source, at, owner, leaseMs, session, takeOver = false } = start;
      const head: RunHead = {
        tenant,
        runId,
        program,
        source,
        at,
        ...(session !== undefined && { session }),
      };
      const of = session === undefined ? "" : named(session);
      const args = [leaseMs, program, JSON.stringify(head), of, takeOver ? 1 : 0, LOST];
      const [state, answer] = (await write(scripts.open, tenant, runId, owner, args)) as [number, unknown];
      if (state === 1) {
        throw new OptimizerError("conflict", {
          detail: `the run ${runId} is under way`,
          data: { retryAfterMs: Number(answer) },
        });
      }
      if (state === 2) {
        throw new OptimizerError("conflict", { detail: `the run ${runId} is of another program` });
      }
      const run = await whole(tenant, runId, answer as ShownRun);
      if (run !== undefined) return run;
      throw new OptimizerError("store_unavailable", { detail: `Redis lost the run ${runId}` });
    },
    async intend(tenant, runId, owner, intent) {
      const args = [randomUUID(), JSON.stringify(intent)];
      const index = Number(await write(scripts.intend, tenant, runId, owner, args));
      if (index >= 0) return index;
      throw lostRun(runId);
    },
    async settle(tenant, runId, owner, index, outcome) {
      const done = await write(scripts.settle, tenant, runId, owner, [index, outcomeText(outcome)]);
      if (done === 0) return;
      throw new OptimizerError("not_found", { detail: `no call ${index} of this owner in the run ${runId}` });
    },
    async record(tenant, runId, owner, calls) {
      const entries = calls.flatMap(({ outcome, ...intent }) => [
        JSON.stringify(intent),
        outcomeText(outcome),
      ]);
      const done = await write(scripts.record, tenant, runId, owner, [randomUUID(), ...entries]);
      if (done !== 0) throw lostRun(runId);
    },
    async close(tenant, runId, owner, end) {
      await write(scripts.close, tenant, runId, owner, [end === undefined ? "" : JSON.stringify(end), LOST]);
    },
    async read(tenant, runId) {
      const key = link.key(slotOf(tenant), "run", named(runId));
      const shown = (await read([key], [scriptTime(clock), 0])) as ShownRun | null;
      return shown === null ? undefined : await whole(tenant, runId, shown);
    },
    async list(tenant, { cursor, limit = 20, session } = {}) {
      const slot = slotOf(tenant);
      const order =
        session === undefined ? link.key(slot, "order") : link.key(slot, "session", named(session));
      const args = [scriptTime(clock), `${link.key(slot)}:`, beforeOf(cursor), limit];
      const rows = (await list([order], args)) as ShownRun[];
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        runs: page.map((row) => ({ ...headOf(row), calls: row[3] })),
        ...(last !== undefined && rows.length > limit && { cursor: last[4]! }),
      };
    },
  };
}

/** An outcome after the letter of its state. */
const outcomeText = (outcome: CallOutcome): string => `${outcome.state[0]!}${JSON.stringify(outcome)}`;

const LOST = outcomeText({
  state: "unknown",
  error: { code: "outcome_unknown", message: "The run ended before the outcome of this call was known" },
});

/** JSON keeps broken surrogates apart, which UTF-8 does not. */
const slotOf = (tenant: string): string => `log:${JSON.stringify(tenant)}`;

/** What a name stands as in keys: as long as any other, and of signs that keys may have. */
const named = (name: string): string => hash("sha256", JSON.stringify(name), "base64url");

const lostRun = (runId: string): OptimizerError =>
  new OptimizerError("conflict", { detail: `the run ${runId} has another owner by now` });

/** Runs are counted as they are opened; a page begins before this count. */
function beforeOf(cursor: string | undefined): string {
  if (cursor === undefined) return "+inf";
  if (/^\d{1,15}$/.test(cursor)) return `(${cursor}`;
  throw new OptimizerError("invalid_params", { detail: "the cursor is not one that a list gave" });
}
