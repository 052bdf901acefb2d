import { setImmediate as breathe } from "node:timers/promises";
import type { Database, Statements } from "../open-database.ts";

/** What one step removes at most: to remove a result of hundreds of megabytes at once would hold up the process. */
const STEP_BYTES = 8 * 1024 * 1024;
const STEP_PARTS = 500;

/** Removes the parts of entries that are gone, bit by bit. Never rejects: whoever puts next goes on with it. */
export async function tidyVault(database: Database): Promise<void> {
  try {
    if (!(await database.read(isUntidy))) return;
    while (await database.write("process", tidyStep)) await breathe();
  } catch {
    // The file is away, or full.
  }
}

const isUntidy = (sql: Statements): boolean => sql("SELECT 1 FROM vault_doomed LIMIT 1").get() !== undefined;

/** Whether there is more. */
function tidyStep(sql: Statements): boolean {
  const parts = sql(
    `SELECT vault_parts.rowid AS id, length(bytes) AS size
     FROM vault_doomed JOIN vault_parts ON vault_parts.entry = vault_doomed.entry ORDER BY vault_doomed.entry LIMIT ?`,
  ).all(STEP_PARTS);
  let bytes = 0;
  for (const { id, size } of parts) {
    sql("DELETE FROM vault_parts WHERE rowid = ?").run(id!);
    bytes += Number(size);
    if (bytes >= STEP_BYTES) return true;
  }
  if (parts.length === STEP_PARTS) return true;
  sql("DELETE FROM vault_doomed").run();
  return false;
}
