/** What waits, in the order of its owners' turns. */
export interface Turns<Item> {
  readonly size: number;
  /** How much of an owner waits. */
  of(owner: string): number;
  has(item: Item): boolean;
  add(owner: string, item: Item): void;
  /** Whose turn it is; undefined when nothing waits. */
  take(): Item | undefined;
  remove(item: Item): void;
  all(): readonly Item[];
}

/**
 * Owners take turns by their weights, however much one of them has: self-clocked fair queueing. What is added is tagged with the tag of its
 * owner's last, or with that of what was taken last, plus a step that is the shorter the more its owner weighs.
 */
export function createTurns<Item>(weight: (owner: string) => number): Turns<Item> {
  const waiting = new Map<Item, { readonly owner: string; readonly tag: number }>();
  const last = new Map<string, number>();
  let time = 0;
  return {
    get size() {
      return waiting.size;
    },
    of: (owner) => [...waiting.values()].filter((one) => one.owner === owner).length,
    has: (item) => waiting.has(item),
    add(owner, item) {
      if (waiting.size === 0) {
        last.clear();
        time = 0;
      }
      const tag = Math.max(time, last.get(owner) ?? 0) + 1 / weight(owner);
      last.set(owner, tag);
      waiting.set(item, { owner, tag });
    },
    take() {
      let first: Item | undefined;
      let least = Infinity;
      for (const [item, { tag }] of waiting) {
        if (tag >= least) continue;
        least = tag;
        first = item;
      }
      if (first === undefined) return undefined;
      waiting.delete(first);
      time = least;
      return first;
    },
    remove: (item) => void waiting.delete(item),
    all: () => [...waiting.keys()],
  };
}
