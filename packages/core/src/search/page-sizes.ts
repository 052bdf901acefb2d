import type { SearchDetail } from "./search-answer.ts";

/** How much of the answer to one need is shown. */
export interface PageSize {
  /** Hits at most. */
  readonly hits: number;
  /** Hits with a signature, or a declaration, at most. */
  readonly shown: number;
  /** Characters of all signatures of the answer together. */
  readonly characters: number;
}

/**
 * Default sizes, so that an answer to one need has about 600 to 1,200 tokens. The names behind the signatures cost little, and hold
 * a third of the tools that the signatures miss.
 */
export function pageSize(detail: SearchDetail, needs: number): PageSize {
  const few = needs <= 1 ? 5 : needs <= 4 ? 3 : 2;
  if (detail === "names") return { hits: needs <= 1 ? 30 : 10, shown: 0, characters: 0 };
  if (detail === "full")
    return { hits: few, shown: few, characters: Math.min(16_000, 8_000 + 2_000 * needs) };
  return { hits: needs <= 1 ? 15 : 10, shown: few, characters: Math.min(10_000, 2_000 + 1_400 * needs) };
}
