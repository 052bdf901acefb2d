import type { Statements } from "../open-database.ts";

/** How much a log keeps. */
export interface LogBounds {
  readonly maxRuns: number;
  readonly maxBytes: number;
}

/** Removes closed runs, those first that were opened longest ago, until the rest fits. */
export function evictRuns(sql: Statements, now: number, { maxRuns, maxBytes }: LogBounds): void {
  const all = sql("SELECT count(*) AS runs, coalesce(sum(size), 0) AS bytes FROM runs").get()!;
  let runs = Number(all["runs"]);
  let bytes = Number(all["bytes"]);
  if (runs <= maxRuns && bytes <= maxBytes) return;
  const closed = sql("SELECT id, size FROM runs WHERE owner IS NULL OR held_until <= ? ORDER BY used");
  const doomed: number[] = [];
  for (const { id, size } of closed.iterate(now)) {
    if (runs <= maxRuns && bytes <= maxBytes) break;
    doomed.push(Number(id));
    runs -= 1;
    bytes -= Number(size);
  }
  for (const id of doomed) sql("DELETE FROM runs WHERE id = ?").run(id);
}
