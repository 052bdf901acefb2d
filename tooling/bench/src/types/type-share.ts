import type { PairFigures } from "./measure-pair.ts";

/** How many tools have the right type after one call. */
export interface TypeShare {
  readonly callable: number;
  readonly correct: number;
  /** From 0 to 1. */
  readonly share: number;
}

/** The share of those that could be called. */
export function shareOf(pairs: readonly PairFigures[]): TypeShare {
  const callable = pairs.filter((pair) => pair.callable);
  const correct = callable.filter((pair) => pair.correct).length;
  const share = callable.length === 0 ? 0 : Math.round((correct / callable.length) * 1_000) / 1_000;
  return { callable: callable.length, correct, share };
}
