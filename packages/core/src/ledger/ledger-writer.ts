import type { LedgerEntry, LedgerLists, LedgerStore, Log } from "@mcp-optimizer/contracts";

/** Writes to a store, one after the other; what it cannot take now is tried again with what comes next. */
export interface LedgerWriter {
  add(entries: readonly LedgerEntry[]): void;
  setLists(lists: LedgerLists): void;
  /** Writes what there is. Resolves when it is written, or could not be. */
  write(): Promise<void>;
}

/** Entries that wait for a store that cannot be used; over it, the oldest are given up. */
const MOST_WAITING = 10_000;

/** Makes a {@link LedgerWriter}. */
export function createLedgerWriter(store: LedgerStore, log: Log): LedgerWriter {
  let entries: LedgerEntry[] = [];
  let lists: LedgerLists[] = [];
  let writing: Promise<void> = Promise.resolve();

  const writeNow = async (): Promise<void> => {
    const [ownEntries, ownLists] = [entries, lists];
    entries = [];
    lists = [];
    try {
      while (ownLists.length > 0) {
        await store.setLists(ownLists[0]!);
        ownLists.shift();
      }
      if (ownEntries.length > 0) await store.append(ownEntries);
    } catch (cause) {
      lists = [...ownLists, ...lists].slice(-MOST_WAITING);
      entries = [...ownEntries, ...entries];
      const over = entries.length - MOST_WAITING;
      if (over > 0) entries = entries.slice(over);
      const fields = { waiting: entries.length, ...(over > 0 && { lost: over }) };
      log({ level: "warn", message: "What was spent could not be written down", fields, cause });
    }
  };

  return {
    add: (more) => void entries.push(...more),
    setLists: (one) => void lists.push(one),
    write() {
      writing = writing.then(writeNow);
      return writing;
    },
  };
}
