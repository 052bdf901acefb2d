import type { Statements } from "../open-database.ts";

/** How much a ledger keeps as it was appended. */
export interface LedgerBounds {
  /** What had its last entry before this becomes a sum, in milliseconds since the epoch. */
  readonly keepFrom: number;
  readonly maxEntries: number;
}

/** Half a session would say something untrue of it: what is of one session, or of one run of none, goes together. */
const UNIT = `session IS NULL, coalesce(session, run, ''), CASE WHEN session IS NULL THEN day END`;
const SUM = `
  INSERT INTO ledger (tenant, day, first, last, part, subject, count, tokens, estimated, folded)
  SELECT tenant, day, min(first), max(last), part, subject, sum(count), sum(tokens), sum(estimated), 1
  FROM ledger WHERE folded = 2 GROUP BY tenant, day, part, subject
  ON CONFLICT (tenant, day, part, subject) WHERE folded = 1 DO UPDATE SET
    first = min(first, excluded.first), last = max(last, excluded.last), count = count + excluded.count,
    tokens = tokens + excluded.tokens, estimated = estimated + excluded.estimated`;

/** Makes old entries sums of days, those first that ended first; over `maxEntries`, until a tenth of the room is free. */
export function foldLedger(sql: Statements, { keepFrom, maxEntries }: LedgerBounds): void {
  const all = sql("SELECT count(*) AS entries, min(last) AS last FROM ledger WHERE folded = 0").get()!;
  let left = Number(all["entries"]);
  if (left === 0 || (left <= maxEntries && Number(all["last"]) >= keepFrom)) return;
  const room = left > maxEntries ? Math.floor(maxEntries * 0.9) : left;
  const units = sql(
    `SELECT group_concat(id) AS ids, count(*) AS entries, max(last) AS last FROM ledger WHERE folded = 0
     GROUP BY tenant, ${UNIT} ORDER BY max(last)`,
  ).all();
  const mark = sql("UPDATE ledger SET folded = 2 WHERE id IN (SELECT value FROM json_each(?))");
  for (const { ids, entries, last } of units) {
    if (Number(last) >= keepFrom && left <= room) break;
    mark.run(`[${String(ids)}]`);
    left -= Number(entries);
  }
  sql(SUM).run();
  sql("DELETE FROM ledger WHERE folded = 2").run();
}
