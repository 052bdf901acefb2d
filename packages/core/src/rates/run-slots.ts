import type { OptimizerError } from "@mcp-optimizer/contracts";

/** Counts what is under way, by key. */
export interface RunSlots {
  /** Takes a place; the answer gives it back. Throws when there is none. */
  take(key: string): () => void;
}

/** Makes {@link RunSlots} of so many places for each key; without a number, of any. */
export function createRunSlots(places: number | undefined, refuse: () => OptimizerError): RunSlots {
  const taken = new Map<string, number>();
  return {
    take(key) {
      if (places === undefined) return () => {};
      const before = taken.get(key) ?? 0;
      if (before >= places) throw refuse();
      taken.set(key, before + 1);
      return () => {
        const now = taken.get(key)! - 1;
        if (now > 0) taken.set(key, now);
        else taken.delete(key);
      };
    },
  };
}
