import type { LedgerQuery, LedgerSum } from "@mcp-optimizer/contracts";
import { addUp, dayOf, type StoredEntry } from "./stored-entry.ts";

/** Sums the entries that a query is about. Pure. */
export function sumEntries(entries: Iterable<StoredEntry>, query: LedgerQuery): LedgerSum[] {
  const meant = [...entries]
    .filter((entry) => isMeant(entry, query))
    .map(({ part, subject, count, tokens, estimated, from, to, ...owner }) => {
      const key = keyOf({ from, ...owner }, query.by);
      return { part, subject, count, tokens, estimated, from, to, ...(key !== undefined && { key }) };
    });
  return addUp(meant, ({ part, subject, key }) => JSON.stringify([part, subject, key]));
}

const isMeant = (entry: StoredEntry, { tenant, session, runId, since }: LedgerQuery): boolean =>
  entry.tenant === tenant &&
  (session === undefined || entry.session === session) &&
  (runId === undefined || entry.runId === runId) &&
  (since === undefined || entry.from >= since);

function keyOf(
  { from, session, runId }: Pick<StoredEntry, "from" | "session" | "runId">,
  by: LedgerQuery["by"],
): string | undefined {
  if (by === "day") return dayOf(from);
  return by === "session" ? session : by === "run" ? runId : undefined;
}
