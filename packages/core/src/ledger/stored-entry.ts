import type { LedgerEntry } from "@mcp-optimizer/contracts";

/** An entry as it is kept: one that was appended, or the sum of several of one day. */
export interface StoredEntry extends Omit<LedgerEntry, "at"> {
  /** When the first and the last of it were, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** It is the sum of a day, and says no more of sessions and runs. */
  readonly folded: boolean;
}

/** The day of a moment, in UTC, as `2026-11-21`. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Adds up entries that are the same by this key; what they share is taken from the first. */
export function addUp<Entry extends Pick<StoredEntry, "count" | "tokens" | "estimated" | "from" | "to">>(
  entries: Iterable<Entry>,
  keyOf: (entry: Entry) => string,
): Entry[] {
  const sums = new Map<string, Entry>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const sum = sums.get(key);
    sums.set(
      key,
      sum === undefined
        ? entry
        : {
            ...sum,
            count: sum.count + entry.count,
            tokens: sum.tokens + entry.tokens,
            estimated: sum.estimated + entry.estimated,
            from: Math.min(sum.from, entry.from),
            to: Math.max(sum.to, entry.to),
          },
    );
  }
  return [...sums.values()];
}
