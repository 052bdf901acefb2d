import { addUp, dayOf, type StoredEntry } from "./stored-entry.ts";

/** How much is kept as it was appended. */
export interface LedgerBounds {
  /** Units that had their last entry before this, in milliseconds since the epoch, become sums. */
  readonly keepFrom: number;
  /** With more entries, the oldest units become sums, until a tenth of the room is free. */
  readonly maxEntries: number;
}

/** Makes old entries sums of days: whole sessions, or whole runs of none, those first that ended first. Totals stay as they are. Pure. */
export function foldEntries(
  entries: readonly StoredEntry[],
  { keepFrom, maxEntries }: LedgerBounds,
): StoredEntry[] {
  const units = Map.groupBy(
    entries.filter(({ folded }) => !folded),
    unitOf,
  );
  const last = new Map([...units].map(([unit, own]) => [unit, Math.max(...own.map(({ to }) => to))]));
  let left = [...units.values()].reduce((sum, own) => sum + own.length, 0);
  const room = left > maxEntries ? Math.floor(maxEntries * 0.9) : left;
  const doomed = new Set<string>();
  for (const [unit, to] of [...last].toSorted(([, a], [, b]) => a - b)) {
    if (to >= keepFrom && left <= room) break;
    doomed.add(unit);
    left -= units.get(unit)!.length;
  }
  if (doomed.size === 0) return [...entries];
  const goes = (entry: StoredEntry): boolean => entry.folded || doomed.has(unitOf(entry));
  const sums = addUp(entries.filter(goes).map(asSum), ({ tenant, from, part, subject }) =>
    JSON.stringify([tenant, dayOf(from), part, subject]),
  );
  return [...sums, ...entries.filter((entry) => !goes(entry))];
}

/** What is kept or folded together: half a session would say something untrue of it. */
const unitOf = ({ tenant, session, runId, from }: StoredEntry): string =>
  JSON.stringify([tenant, session ?? null, session === undefined ? (runId ?? dayOf(from)) : null]);

const asSum = ({ session: _session, runId: _run, ...entry }: StoredEntry): StoredEntry => ({
  ...entry,
  folded: true,
});
