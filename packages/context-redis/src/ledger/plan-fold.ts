import { dayField, dayOf, type LedgerSnapshot, type StoredEntry, type StoredField } from "./ledger-fields.ts";
import { added } from "./sum-ledger.ts";

/** How much is kept as it was appended. */
export interface LedgerBounds {
  /** Units that had their last entry before this, in milliseconds since the epoch, become sums. */
  readonly keepFrom: number;
  /** With more entries, the oldest units become sums, until a tenth of the room is free. */
  readonly maxEntries: number;
}

/** Entries that become sums together, as the script takes them. */
export interface FoldedUnit {
  /** Key, field and text of each. */
  readonly from: readonly (readonly [1 | 2, string, string])[];
  /** Of each sum of a day: field, count, tokens, how many of them were estimated, and when its first and last were. */
  readonly to: readonly (readonly [string, number, number, number, number, number])[];
}

/** What becomes sums of days: whole sessions, or whole runs of none, those first that ended first. Pure. */
export function planFold({ fields }: LedgerSnapshot, { keepFrom, maxEntries }: LedgerBounds): FoldedUnit[] {
  const units = [...Map.groupBy(fields, unitOf).values()].map((own) => ({
    own,
    last: Math.max(...own.map(({ entries }) => Math.max(...entries.map(({ to }) => to)))),
  }));
  const room = fields.length > maxEntries ? Math.floor(maxEntries * 0.9) : fields.length;
  let left = fields.length;
  const folded: FoldedUnit[] = [];
  for (const { own, last } of units.toSorted((a, b) => a.last - b.last)) {
    if (last >= keepFrom && left <= room) break;
    folded.push(foldOf(own));
    left -= own.length;
  }
  return folded;
}

/** Half a session would say something untrue of it. */
function unitOf({ entries: [entry] }: StoredField): string {
  const { session, runId, from } = entry;
  return JSON.stringify([session ?? null, session === undefined ? (runId ?? dayOf(from)) : null]);
}

function foldOf(own: readonly StoredField[]): FoldedUnit {
  const sums = new Map<string, StoredEntry>();
  for (const entry of own.flatMap(({ entries }) => entries)) {
    const field = dayField(entry.from, entry);
    sums.set(field, added(sums.get(field), entry));
  }
  return {
    from: own.map(({ key, field, text }) => [key, field, text]),
    to: [...sums].map(([field, { count, tokens, estimated, from, to }]) => [
      ...([field, count, tokens, estimated, from, to] as const),
    ]),
  };
}
