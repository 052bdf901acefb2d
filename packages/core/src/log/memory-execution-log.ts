import {
  OptimizerError,
  type CallOutcome,
  type Clock,
  type ExecutionLog,
  type JsonValue,
  type LoggedCall,
  type LoggedRun,
  type RunEnd,
  type RunSource,
  type RunSummary,
} from "@mcp-optimizer/contracts";
import { jsonSize } from "../result/json-size.ts";

/** Settings of a {@link createMemoryExecutionLog}. */
export interface MemoryExecutionLogOptions {
  readonly clock: Pick<Clock, "now">;
  /** Runs that are kept; over it, the closed ones that were used longest ago go first. Default 1,000. */
  readonly maxRuns?: number;
  /** Size of all programs, arguments and results together, in characters of their JSON; over it, closed runs go as above. Default 256 Mi. */
  readonly maxSize?: number;
}

interface StoredCall {
  readonly call: Omit<LoggedCall, "outcome">;
  readonly owner: string;
  outcome: LoggedCall["outcome"];
}

interface StoredRun {
  readonly tenant: string;
  readonly runId: string;
  readonly program: string;
  readonly source: RunSource;
  readonly session?: string;
  readonly at: number;
  end?: RunEnd | undefined;
  readonly calls: StoredCall[];
  /** How many runs had been opened when it last was. */
  opened: number;
  /** Of its source, its arguments and its results, in characters of their JSON. */
  size: number;
  holder: { readonly owner: string; readonly leaseMs: number; until: number } | undefined;
}

const LOST: CallOutcome = {
  state: "unknown",
  error: { code: "outcome_unknown", message: "The run ended before the outcome of this call was known" },
};

/** An execution log in memory: it lasts as long as the process. */
export function createMemoryExecutionLog(options: MemoryExecutionLogOptions): ExecutionLog {
  const { clock, maxRuns = 1_000, maxSize = 256 * 1024 * 1024 } = options;
  // A Map iterates in insertion order: the first is the one that was opened longest ago.
  const runs = new Map<string, StoredRun>();
  let total = 0;
  let count = 0;
  const keyOf = (tenant: string, runId: string): string => JSON.stringify([tenant, runId]);
  const isHeld = ({ holder }: StoredRun): boolean => holder !== undefined && holder.until > clock.now();

  const evict = (): void => {
    for (const [key, run] of runs) {
      if (runs.size <= maxRuns && total <= maxSize) return;
      if (isHeld(run)) continue;
      runs.delete(key);
      total -= run.size;
    }
  };
  const grow = (run: StoredRun, size: number): void => {
    run.size += size;
    total += size;
  };
  const keep = (run: StoredRun, outcome: CallOutcome): void =>
    grow(
      run,
      jsonSize(
        outcome.state === "applied" ? outcome.value : (outcome.error as unknown as JsonValue),
        maxSize,
      ),
    );
  const heldBy = (tenant: string, runId: string, owner: string): StoredRun => {
    const run = runs.get(keyOf(tenant, runId));
    if (run?.holder?.owner === owner) return run;
    throw new OptimizerError("conflict", { detail: `the run ${runId} has another owner by now` });
  };

  return {
    async open({ tenant, runId, program, source, at, owner, leaseMs, session, takeOver = false }) {
      const key = keyOf(tenant, runId);
      const known = runs.get(key);
      if (known !== undefined && isHeld(known) && !takeOver && known.holder?.owner !== owner) {
        throw new OptimizerError("conflict", { detail: `the run ${runId} is under way` });
      }
      if (known !== undefined && known.program !== program) {
        throw new OptimizerError("conflict", { detail: `the run ${runId} is of another program` });
      }
      if (known !== undefined && isHeld(known) && known.holder?.owner === owner) return copyOf(known, "open");
      const start = { tenant, runId, program, source: structuredClone(source), at };
      const run = known ?? newRun({ ...start, ...(session !== undefined && { session }) });
      total += known === undefined ? run.size : 0;
      loseOpenCalls(run);
      run.end = undefined;
      run.holder = { owner, leaseMs, until: clock.now() + leaseMs };
      run.opened = ++count;
      runs.delete(key);
      runs.set(key, run);
      evict();
      return copyOf(run, "open");
    },
    async intend(tenant, runId, owner, intent) {
      const run = heldBy(tenant, runId, owner);
      run.holder!.until = clock.now() + run.holder!.leaseMs;
      const index = run.calls.length;
      grow(run, jsonSize(intent.args, maxSize));
      run.calls.push({ call: { ...structuredClone(intent), index }, owner, outcome: { state: "intended" } });
      return index;
    },
    async settle(tenant, runId, owner, index, outcome) {
      const run = runs.get(keyOf(tenant, runId));
      const call = run?.calls[index];
      if (run === undefined || call?.owner !== owner) {
        throw new OptimizerError("not_found", {
          detail: `no call ${index} of this owner in the run ${runId}`,
        });
      }
      if (run.holder?.owner === owner) run.holder.until = clock.now() + run.holder.leaseMs;
      const { state } = call.outcome;
      if (state !== "intended" && state !== "unknown") return;
      call.outcome = structuredClone(outcome);
      keep(run, outcome);
      evict();
    },
    async record(tenant, runId, owner, calls) {
      const run = heldBy(tenant, runId, owner);
      run.holder!.until = clock.now() + run.holder!.leaseMs;
      for (const { outcome, ...intent } of structuredClone(calls)) {
        grow(run, jsonSize(intent.args, maxSize));
        run.calls.push({ call: { ...intent, index: run.calls.length }, owner, outcome });
        keep(run, outcome);
      }
      evict();
    },
    async close(tenant, runId, owner, end) {
      const run = runs.get(keyOf(tenant, runId));
      if (run?.holder?.owner !== owner) return;
      loseOpenCalls(run);
      run.end = structuredClone(end);
      run.holder = undefined;
      evict();
    },
    async read(tenant, runId) {
      const run = runs.get(keyOf(tenant, runId));
      return run && copyOf(run, isHeld(run) ? "open" : "closed");
    },
    async list(tenant, { cursor, limit = 20, session } = {}) {
      const own = [...runs.values()]
        .filter((run) => run.tenant === tenant && (session === undefined || run.session === session))
        .toReversed();
      const rest = cursor === undefined ? own : own.filter(({ opened }) => opened < Number(cursor));
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      const more = last !== undefined && rest.length > limit;
      return {
        runs: page.map((run): RunSummary => {
          const { calls, ...rest } = copyOf(run, isHeld(run) ? "open" : "closed");
          return { ...rest, calls: calls.length };
        }),
        ...(more && { cursor: String(last.opened) }),
      };
    },
  };
}

function loseOpenCalls({ calls }: StoredRun): void {
  for (const call of calls) if (call.outcome.state === "intended") call.outcome = LOST;
}

const newRun = (
  start: Pick<StoredRun, "tenant" | "runId" | "program" | "source" | "at" | "session">,
): StoredRun => ({
  ...start,
  calls: [],
  opened: 0,
  size: JSON.stringify(start.source).length,
  holder: undefined,
});

function copyOf({ calls, end, ...run }: StoredRun, state: LoggedRun["state"]): LoggedRun {
  const { tenant, runId, program, source, at, session } = run;
  const head = { tenant, runId, program, source, at, ...(session !== undefined && { session }) };
  const copies = calls.map(({ call, outcome }) => ({ ...call, outcome }));
  return structuredClone({ ...head, state, ...(end && { end }), calls: copies });
}
