/** What waits, in the order of its owners' turns. */
export interface Turns<Item> {
  readonly size: number;
  has(item: Item): boolean;
  add(owner: string, item: Item): void;
  /** Whose turn it is; undefined when nothing waits. */
  take(): Item | undefined;
  remove(item: Item): void;
  all(): readonly Item[];
}

/**
 * Owners take turns by their weights, however much one of them has: self-clocked fair queueing. What is added is tagged with the tag of what was
 * taken last, and a step for each thing that its owner has waiting then, with this one; the step is the shorter the more its owner weighs.
 */
export function createTurns<Item>(weight: (owner: string) => number): Turns<Item> {
  const waiting = new Map<Item, { readonly owner: string; readonly tag: number }>();
  let time = 0;
  return {
    get size() {
      return waiting.size;
    },
    has: (item) => waiting.has(item),
    add(owner, item) {
      const own = [...waiting.values()].filter((one) => one.owner === owner).length;
      const tag = time + (own + 1) / weight(owner);
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
      time = Math.max(time, least);
      return first;
    },
    remove: (item) => void waiting.delete(item),
    all: () => [...waiting.keys()],
  };
}
