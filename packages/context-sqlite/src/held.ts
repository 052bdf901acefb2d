import type { Statements } from "./open-database.ts";

/** What a store has in a file. */
export interface Held {
  readonly entries: number;
  readonly size: number;
}

/** What a store has, of all tenants together. */
export function heldBy(sql: Statements, store: string): Held {
  const row = sql(
    "SELECT coalesce(sum(entries), 0) AS entries, coalesce(sum(size), 0) AS size FROM held WHERE store = ?",
  ).get(store)!;
  return { entries: Number(row["entries"]), size: Number(row["size"]) };
}

/** The tenant that has most in a store, as it stands in its table; `plus` is counted to one of them. Undefined when nobody has anything. */
export function mostOf(
  sql: Statements,
  store: string,
  plus?: { readonly tenant: string; readonly size: number },
): string | undefined {
  const most = sql("SELECT tenant, size FROM held WHERE store = ? ORDER BY size DESC LIMIT 1").get(store);
  if (most === undefined || plus === undefined) return most && String(most["tenant"]);
  const own = sql("SELECT size FROM held WHERE store = ? AND tenant = ?").get(store, plus.tenant);
  if (own === undefined) return String(most["tenant"]);
  return Number(own["size"]) + plus.size >= Number(most["size"]) ? plus.tenant : String(most["tenant"]);
}
