import type { LedgerQuery, LedgerSum } from "@mcp-optimizer/contracts";
import { dayOf, type LedgerSnapshot, type StoredEntry } from "./ledger-fields.ts";

/** Sums the entries that a query is about. Pure. */
export function sumLedger({ fields, days }: LedgerSnapshot, query: LedgerQuery): LedgerSum[] {
  const sums = new Map<string, LedgerSum>();
  for (const entry of [...days, ...fields.flatMap(({ entries }) => entries)]) {
    if (!isMeant(entry, query)) continue;
    const key = keyOf(entry, query.by);
    const { session: _session, runId: _run, ...amount } = entry;
    const name = JSON.stringify([amount.part, amount.subject, key]);
    sums.set(
      name,
      added(sums.get(name), {
        ...amount,
        ...(key !== undefined && { key }),
      }),
    );
  }
  return [...sums.values()];
}

/** Adds up what has a part and a subject in common. */
export function added<Sum extends Pick<LedgerSum, "count" | "tokens" | "estimated" | "from" | "to">>(
  sum: Sum | undefined,
  entry: Sum,
): Sum {
  if (sum === undefined) return entry;
  return {
    ...sum,
    count: sum.count + entry.count,
    tokens: sum.tokens + entry.tokens,
    estimated: sum.estimated + entry.estimated,
    from: Math.min(sum.from, entry.from),
    to: Math.max(sum.to, entry.to),
  };
}

const isMeant = (entry: StoredEntry, { session, runId, since }: LedgerQuery): boolean =>
  (session === undefined || entry.session === session) &&
  (runId === undefined || entry.runId === runId) &&
  (since === undefined || entry.from >= since);

function keyOf({ from, session, runId }: StoredEntry, by: LedgerQuery["by"]): string | undefined {
  if (by === "day") return dayOf(from);
  return by === "session" ? session : by === "run" ? runId : undefined;
}
