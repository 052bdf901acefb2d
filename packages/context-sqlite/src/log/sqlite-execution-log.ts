import {
  OptimizerError,
  type CallIntent,
  type CallOutcome,
  type Clock,
  type ExecutionLog,
  type LoggedRun,
} from "@mcp-optimizer/contracts";
import { openDatabase, type Durability, type Statements } from "../open-database.ts";
import { evictRuns } from "./evict-runs.ts";
import { callOf, headOf, isHeld, RUN_COLUMNS, type Row } from "./run-row.ts";

/** Settings of a {@link createSqliteExecutionLog}. */
export interface SqliteExecutionLogOptions {
  /** The state file; made, with its folder, where there is none. On a disk of this machine. */
  readonly file: string;
  readonly clock: Pick<Clock, "now">;
  /** Runs that are kept; over it, the closed ones that were opened longest ago go first. Default 10,000. */
  readonly maxRuns?: number;
  /** Bytes of all programs, arguments and results together; over it, closed runs go as above. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** An execution log in a file. */
export interface SqliteExecutionLog extends ExecutionLog, AsyncDisposable {
  /** Closes the file. What is asked of the log afterwards rejects with `store_unavailable`. */
  dispose(): Promise<void>;
}

const LOST: CallOutcome = {
  state: "unknown",
  error: { code: "outcome_unknown", message: "The run ended before the outcome of this call was known" },
};
const RUN = `SELECT ${RUN_COLUMNS}, lease_ms FROM runs WHERE tenant = ? AND run_id = ?`;
const CALLS = "SELECT place, intent, state, outcome FROM calls WHERE run = ? ORDER BY place";
const LOSE = "UPDATE calls SET state = 'unknown', outcome = ? WHERE run = ? AND state = 'intended'";

/**
 * An execution log in a file that several processes may share. What a method has resolved with outlasts the process; entries of calls that
 * do more than read outlast a power cut as well, with all that was written before them: what was sent to a server cannot be had back. A
 * read that is forgotten is made again.
 * Rejects with `store_unavailable` for a file that cannot be used.
 */
export async function createSqliteExecutionLog(
  options: SqliteExecutionLogOptions,
): Promise<SqliteExecutionLog> {
  const { file, clock, maxRuns = 10_000, maxBytes = 256 * 1024 * 1024 } = options;
  const database = await openDatabase(file);
  const bounds = { maxRuns, maxBytes };
  const dispose = async (): Promise<void> => database.dispose();

  return {
    open: (start) =>
      database.write("process", (sql) => {
        const { tenant, runId, program, source, at, owner, leaseMs, session, takeOver = false } = start;
        const name = [JSON.stringify(tenant), JSON.stringify(runId)] as const;
        const now = clock.now();
        const known = sql(RUN).get(...name);
        const held = known !== undefined && isHeld(known, now);
        const own = held && known["owner"] === owner;
        if (held && !own && !takeOver) {
          throw new OptimizerError("conflict", {
            detail: `the run ${runId} is under way`,
            data: { retryAfterMs: Number(known["held_until"]) - now },
          });
        }
        if (known !== undefined && known["program"] !== program) {
          throw new OptimizerError("conflict", { detail: `the run ${runId} is of another program` });
        }
        if (own) return wholeRun(sql, known, now);
        if (known === undefined) {
          const text = JSON.stringify(source);
          sql(
            `INSERT INTO runs (tenant, run_id, program, at, used, size, lease_ms, held_until, source, session)
             VALUES (?, ?, ?, ?, 0, ?, 0, 0, ?, ?)`,
          ).run(
            ...name,
            program,
            at,
            Buffer.byteLength(text),
            text,
            session === undefined ? null : JSON.stringify(session),
          );
        }
        sql(
          `UPDATE runs SET owner = ?, lease_ms = ?, held_until = ?, ended = NULL,
             used = (SELECT max(used) + 1 FROM runs) WHERE tenant = ? AND run_id = ?`,
        ).run(owner, leaseMs, now + leaseMs, ...name);
        const run = sql(RUN).get(...name)!;
        sql(LOSE).run(JSON.stringify(LOST), run["id"]!);
        evictRuns(sql, now, bounds);
        return wholeRun(sql, run, now);
      }),
    intend: (tenant, runId, owner, intent) =>
      database.write(durabilityOf(intent.effect), (sql) => {
        const run = sql(RUN).get(JSON.stringify(tenant), JSON.stringify(runId));
        if (run?.["owner"] !== owner) {
          throw new OptimizerError("conflict", { detail: `the run ${runId} has another owner by now` });
        }
        const place = nextPlace(sql, run);
        grow(sql, run, addCall(sql, run, place, owner, intent), clock.now());
        return place;
      }),
    record: (tenant, runId, owner, calls) =>
      database.write("process", (sql) => {
        const run = sql(RUN).get(JSON.stringify(tenant), JSON.stringify(runId));
        if (run?.["owner"] !== owner) {
          throw new OptimizerError("conflict", { detail: `the run ${runId} has another owner by now` });
        }
        const first = nextPlace(sql, run);
        const sizes = calls.map(({ outcome, ...intent }, at) =>
          addCall(sql, run, first + at, owner, intent, outcome),
        );
        grow(
          sql,
          run,
          sizes.reduce((sum, size) => sum + size, 0),
          clock.now(),
        );
      }),
    async settle(tenant, runId, owner, index, outcome) {
      const find = (sql: Statements): { readonly run: Row; readonly call: Row } => {
        const run = sql(RUN).get(JSON.stringify(tenant), JSON.stringify(runId));
        const call =
          run &&
          sql("SELECT owner, effect, state FROM calls WHERE run = ? AND place = ?").get(run["id"]!, index);
        if (run !== undefined && call?.["owner"] === owner) return { run, call };
        throw new OptimizerError("not_found", {
          detail: `no call ${index} of this owner in the run ${runId}`,
        });
      };
      // How durable an entry is has to be said before it begins.
      const { call } = await database.read(find);
      await database.write(durabilityOf(call["effect"] as CallIntent["effect"]), (sql) => {
        const { run, call: now } = find(sql);
        const known = now["state"] !== "intended" && now["state"] !== "unknown";
        const text = JSON.stringify(outcome);
        if (!known) {
          sql("UPDATE calls SET state = ?, outcome = ? WHERE run = ? AND place = ?").run(
            outcome.state,
            text,
            run["id"]!,
            index,
          );
        }
        const held = run["owner"] === owner ? clock.now() : undefined;
        grow(sql, run, known ? 0 : Buffer.byteLength(text), held);
      });
    },
    close: (tenant, runId, owner, end) =>
      database.write("process", (sql) => {
        const run = sql(RUN).get(JSON.stringify(tenant), JSON.stringify(runId));
        if (run?.["owner"] !== owner) return;
        sql(LOSE).run(JSON.stringify(LOST), run["id"]!);
        const ended = end === undefined ? null : JSON.stringify(end);
        sql("UPDATE runs SET owner = NULL, ended = ? WHERE id = ?").run(ended, run["id"]!);
        evictRuns(sql, clock.now(), bounds);
      }),
    read: (tenant, runId) =>
      database.read((sql) => {
        const run = sql(RUN).get(JSON.stringify(tenant), JSON.stringify(runId));
        return run && wholeRun(sql, run, clock.now());
      }),
    list: (tenant, { cursor, limit = 20, session } = {}) =>
      database.read((sql) => {
        const mine = session === undefined ? "tenant = ?" : "tenant = ? AND session = ?";
        const whose = session === undefined ? [tenant] : [tenant, session];
        const rows = sql(
          `SELECT ${RUN_COLUMNS}, (SELECT count(*) FROM calls WHERE run = runs.id) AS calls
           FROM runs WHERE ${mine} AND used < ? ORDER BY used DESC LIMIT ?`,
        ).all(...whose.map((name) => JSON.stringify(name)), beforeOf(cursor), limit + 1);
        const page = rows.slice(0, limit);
        const last = page.at(-1);
        const more = last !== undefined && rows.length > limit;
        return {
          runs: page.map((row) => ({ ...headOf(row, clock.now()), calls: Number(row["calls"]) })),
          ...(more && { cursor: String(last["used"]) }),
        };
      }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

const durabilityOf = (effect: CallIntent["effect"]): Durability => (effect === "read" ? "process" : "power");

function nextPlace(sql: Statements, run: Row): number {
  const next = sql("SELECT coalesce(max(place) + 1, 0) AS place FROM calls WHERE run = ?").get(run["id"]!)!;
  return Number(next["place"]);
}

/** Adds a call. Returns what it keeps, in bytes. */
function addCall(
  sql: Statements,
  run: Row,
  place: number,
  owner: string,
  intent: CallIntent,
  outcome?: CallOutcome,
): number {
  const text = JSON.stringify(intent);
  const end = outcome === undefined ? null : JSON.stringify(outcome);
  const { state } = outcome ?? { state: "intended" };
  sql(
    `INSERT INTO calls (run, place, owner, effect, state, intent, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(run["id"]!, place, owner, intent.effect, state, text, end);
  return Buffer.byteLength(text) + Buffer.byteLength(end ?? "");
}

/** Counts what a run keeps; a sign of life of its owner begins the lease anew. */
function grow(sql: Statements, run: Row, bytes: number, alive: number | undefined): void {
  const until = alive === undefined ? run["held_until"]! : alive + Number(run["lease_ms"]);
  sql("UPDATE runs SET size = size + ?, held_until = ? WHERE id = ?").run(bytes, until, run["id"]!);
}

const wholeRun = (sql: Statements, run: Row, now: number): LoggedRun => ({
  ...headOf(run, now),
  calls: sql(CALLS).all(run["id"]!).map(callOf),
});

/** Runs are counted as they are opened; a page begins before this count. */
function beforeOf(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new OptimizerError("invalid_params", { detail: "the cursor is not one that a list gave" });
}
