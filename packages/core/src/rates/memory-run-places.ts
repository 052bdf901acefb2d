import type { Clock, RunPlaces } from "@mcp-optimizer/contracts";

/** Settings of {@link createMemoryRunPlaces}. */
export interface MemoryRunPlacesOptions {
  readonly clock: Pick<Clock, "elapsed">;
}

/** Places in memory: those of one process. */
export function createMemoryRunPlaces({ clock }: MemoryRunPlacesOptions): RunPlaces {
  /** By key: until when each place is held, under what no other has. */
  const taken = new Map<string, Map<symbol, number>>();
  return {
    async take(key, places, leaseMs) {
      const now = clock.elapsed();
      const held = taken.get(key) ?? new Map<symbol, number>();
      for (const [place, until] of held) if (until <= now) held.delete(place);
      if (held.size >= places) return undefined;
      const own = Symbol(key);
      taken.set(key, held.set(own, now + leaseMs));
      return async () => {
        held.delete(own);
        if (held.size === 0 && taken.get(key) === held) taken.delete(key);
      };
    },
  };
}
