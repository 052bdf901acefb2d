import { heldBy, mostOf } from "../held.ts";
import type { Statements } from "../open-database.ts";

/** Expired values that go at once. */
const BATCH = 500;
const OVERHEAD = 200;

/** Takes out what has expired, and then of other sessions, of the tenant that has most, what was used least recently, until the rest fits. */
export function evictContexts(
  sql: Statements,
  mine: {
    readonly tenant: string;
    readonly session: string;
    readonly now: number;
    readonly maxBytes: number;
  },
): void {
  const { tenant, session, now, maxBytes } = mine;
  sql(
    "DELETE FROM context_values WHERE id IN (SELECT id FROM context_values WHERE expires <= ? LIMIT ?)",
  ).run(now, BATCH);
  for (;;) {
    const { entries, size } = heldBy(sql, "context");
    if (size + OVERHEAD * entries <= maxBytes) return;
    const most = mostOf(sql, "context")!;
    const oldest =
      sql(
        `SELECT id FROM context_values WHERE tenant = ? AND NOT (tenant = ? AND session = ?)
         ORDER BY used LIMIT 1`,
      ).get(most, tenant, session) ??
      // The tenant has nothing but this session.
      sql(`SELECT id FROM context_values WHERE NOT (tenant = ? AND session = ?) ORDER BY used LIMIT 1`).get(
        tenant,
        session,
      );
    if (oldest === undefined) return;
    sql("DELETE FROM context_values WHERE id = ?").run(oldest["id"]!);
  }
}
