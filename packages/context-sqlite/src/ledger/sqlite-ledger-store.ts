import type {
  Clock,
  LedgerAmount,
  LedgerEntry,
  LedgerPart,
  LedgerQuery,
  LedgerStore,
  LedgerSum,
} from "@mcp-optimizer/contracts";
import { openDatabase, type Statements } from "../open-database.ts";
import { foldLedger } from "./fold-ledger.ts";

/** Settings of a {@link createSqliteLedgerStore}. */
export interface SqliteLedgerOptions {
  /** The state file; made, with its folder, where there is none. On a disk of this machine. */
  readonly file: string;
  readonly clock: Pick<Clock, "now">;
  /** Entries that are kept one by one, of all tenants together; over it, the oldest become sums of days. Default 100,000. */
  readonly maxEntries?: number;
  /** Days after which entries become sums. Default 90. */
  readonly keepDays?: number;
}

/** A ledger in a file. */
export interface SqliteLedgerStore extends LedgerStore, AsyncDisposable {
  /** Closes the file. What is asked of the store afterwards rejects with `store_unavailable`. */
  dispose(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Looking whether something is to be folded reads an index through: not at every entry. */
const LOOK_EVERY = 500;
const LISTS = "('list', 'list_wire', 'definitions', 'definitions_wire')";
const KEYS = { day: "day", session: "session", run: "run" } as const;

/**
 * A ledger in a file that several processes may share. What a method has resolved with outlasts the process. Rejects with
 * `store_unavailable` for a file that cannot be used.
 */
export async function createSqliteLedgerStore(options: SqliteLedgerOptions): Promise<SqliteLedgerStore> {
  const { file, clock, maxEntries = 100_000, keepDays = 90 } = options;
  const database = await openDatabase(file);
  const every = Math.min(LOOK_EVERY, Math.ceil(maxEntries / 10));
  let untilLook = 0;
  let lookedAt = clock.now();
  const dispose = async (): Promise<void> => database.dispose();
  const fold = (sql: Statements, added: number): void => {
    untilLook -= added;
    const now = clock.now();
    if (untilLook > 0 && now - lookedAt < DAY_MS) return;
    foldLedger(sql, { keepFrom: now - keepDays * DAY_MS, maxEntries });
    untilLook = every;
    lookedAt = now;
  };

  return {
    append: (entries) =>
      database.write("process", (sql) => {
        for (const entry of entries) insert(sql, entry);
        fold(sql, entries.length);
      }),
    setLists: ({ tenant, session, at, amounts }) =>
      database.write("process", (sql) => {
        sql(`DELETE FROM ledger WHERE tenant = ? AND session = ? AND part IN ${LISTS}`).run(
          JSON.stringify(tenant),
          JSON.stringify(session),
        );
        for (const amount of amounts) insert(sql, { ...amount, tenant, session, at });
        fold(sql, amounts.length);
      }),
    sum: (query) => database.read((sql) => sums(sql, query)),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function insert(sql: Statements, { tenant, session, runId, at, ...amount }: LedgerEntry): void {
  const { part, subject, count, tokens, estimated } = amount;
  sql(
    `INSERT INTO ledger (tenant, session, run, day, first, last, part, subject, count, tokens, estimated, folded)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
  ).run(
    JSON.stringify(tenant),
    session === undefined ? null : JSON.stringify(session),
    runId === undefined ? null : JSON.stringify(runId),
    Math.floor(at / DAY_MS),
    at,
    at,
    part,
    JSON.stringify(subject),
    count,
    tokens,
    estimated,
  );
}

function sums(sql: Statements, { tenant, session, runId, since, by }: LedgerQuery): LedgerSum[] {
  const filters: readonly (readonly [string, string | number])[] = [
    ["tenant = ?", JSON.stringify(tenant)],
    ...(session === undefined ? [] : [["session = ?", JSON.stringify(session)] as const]),
    ...(runId === undefined ? [] : [["run = ?", JSON.stringify(runId)] as const]),
    ...(since === undefined ? [] : [["first >= ?", since] as const]),
  ];
  const key = by === undefined ? "NULL" : KEYS[by];
  const rows = sql(
    `SELECT part, subject, ${key} AS key, sum(count) AS count, sum(tokens) AS tokens, sum(estimated) AS estimated,
       min(first) AS "from", max(last) AS "to"
     FROM ledger WHERE ${filters.map(([filter]) => filter).join(" AND ")} GROUP BY part, subject, 3`,
  ).all(...filters.map(([, value]) => value));
  return rows.map((row) => {
    const amount: LedgerAmount = {
      part: row["part"] as LedgerPart,
      subject: JSON.parse(String(row["subject"])) as string,
      count: Number(row["count"]),
      tokens: Number(row["tokens"]),
      estimated: Number(row["estimated"]),
    };
    const { key: found = null } = row;
    return {
      ...amount,
      from: Number(row["from"]),
      to: Number(row["to"]),
      ...(found !== null && {
        key: by === "day" ? dayOf(Number(found)) : (JSON.parse(String(found)) as string),
      }),
    };
  });
}

const dayOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
