import { heldBy } from "../held.ts";
import type { Statements } from "../open-database.ts";

/** Texts that go at once. */
const BATCH = 500;

/** Takes out what has expired, and then what was used least recently, until no more than so much is left. */
export function makeCacheRoom(
  sql: Statements,
  left: { readonly now: number; readonly size: number; readonly entries: number },
): void {
  const { now, size, entries } = left;
  sql("DELETE FROM cache_texts WHERE id IN (SELECT id FROM cache_texts WHERE expires <= ? LIMIT ?)").run(
    now,
    BATCH,
  );
  for (;;) {
    const held = heldBy(sql, "cache");
    if (held.entries === 0 || (held.size <= size && held.entries <= entries)) return;
    sql("DELETE FROM cache_texts WHERE id = (SELECT id FROM cache_texts ORDER BY used, id LIMIT 1)").run();
  }
}
