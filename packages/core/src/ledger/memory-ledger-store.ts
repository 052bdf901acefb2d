import type { Clock, LedgerStore } from "@mcp-optimizer/contracts";
import { foldEntries } from "./fold-entries.ts";
import type { StoredEntry } from "./stored-entry.ts";
import { sumEntries } from "./sum-entries.ts";

/** Settings of a {@link createMemoryLedgerStore}. */
export interface MemoryLedgerOptions {
  readonly clock: Pick<Clock, "now">;
  /** Entries that are kept one by one; over it, the oldest become sums of days. Default 20,000. */
  readonly maxEntries?: number;
  /** Days after which entries become sums. Default 90. */
  readonly keepDays?: number;
}

const DAY_MS = 86_400_000;

/** A ledger that goes with its process. */
export function createMemoryLedgerStore(options: MemoryLedgerOptions): LedgerStore {
  const { clock, maxEntries = 20_000, keepDays = 90 } = options;
  let entries: StoredEntry[] = [];
  let single = 0;
  let foldedAt = clock.now();

  const fold = (): void => {
    const now = clock.now();
    if (single <= maxEntries && now - foldedAt < DAY_MS) return;
    entries = foldEntries(entries, { keepFrom: now - keepDays * DAY_MS, maxEntries });
    single = entries.filter(({ folded }) => !folded).length;
    foldedAt = now;
  };
  const add = (added: readonly StoredEntry[]): void => {
    for (const entry of added) entries.push(entry);
    single += added.length;
    fold();
  };

  return {
    async append(added) {
      add(added.map(({ at, ...entry }) => ({ ...entry, from: at, to: at, folded: false })));
    },
    async setLists({ tenant, session, at, amounts }) {
      const old = (entry: StoredEntry): boolean =>
        entry.tenant === tenant && entry.session === session && LISTS.has(entry.part);
      const kept = entries.filter((entry) => !old(entry));
      single -= entries.length - kept.length;
      entries = kept;
      add(amounts.map((amount) => ({ ...amount, tenant, session, from: at, to: at, folded: false })));
    },
    sum: async (query) => sumEntries(entries, query),
  };
}

const LISTS: ReadonlySet<string> = new Set(["list", "list_wire", "definitions", "definitions_wire"]);
