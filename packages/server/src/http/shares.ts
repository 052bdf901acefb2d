import { ownerKey, type Owner } from "../shared/owner.ts";

/** Things of which there may be so many at once, and of each owner so many. */
export interface Shares {
  /** One more; undefined when there are, or the owner has, as many as there may be. The answer gives it back, once. */
  take(owner: Owner): (() => void) | undefined;
}

/** Nobody has any yet. */
export function createShares(mostOfOne: number, most: number = Infinity): Shares {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(owner) {
      const key = ownerKey(owner);
      const own = taken.get(key) ?? 0;
      if (own >= mostOfOne || all >= most) return undefined;
      all += 1;
      taken.set(key, own + 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        all -= 1;
        const left = taken.get(key)! - 1;
        if (left === 0) taken.delete(key);
        else taken.set(key, left);
      };
    },
  };
}

/** How many of what all callers have together one may have, where callers are told apart: nobody keeps all others out alone. */
export function shareOf(most: number, toldApart: boolean): number {
  return toldApart ? Math.ceil(most / 2) : most;
}
