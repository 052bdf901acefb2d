import type { SearchDetail } from "./search-answer.ts";

/** How much of an answer is shown. */
export interface PageSize {
  /** Hits per need at most. */
  readonly hits: number;
  /** Hits per need with a signature, or a declaration, at most. */
  readonly shown: number;
  /** Characters of all signatures of the answer together. */
  readonly characters: number;
  /** Tokens of the answer: names take what the signatures leave, and a fifth at least. */
  readonly tokens: number;
}

const BROWSED = 100;

/**
 * Default sizes. An answer to one need has some 350 tokens and as a rule under 600; several needs share. A name behind the signatures
 * costs five tokens, a signature fifty: names hold most of the tools that the signatures miss.
 */
export function pageSize(detail: SearchDetail, needs: number, browsing: boolean): PageSize {
  const few = needs <= 1 ? 4 : needs <= 4 ? 3 : 2;
  if (detail === "names") {
    const hits = browsing ? BROWSED : needs <= 1 ? 30 : 10;
    return { hits, shown: 0, characters: 0, tokens: Infinity };
  }
  if (detail === "full") {
    const characters = Math.min(16_000, 8_000 + 2_000 * needs);
    return { hits: few, shown: few, characters, tokens: Infinity };
  }
  return {
    hits: 60,
    shown: few,
    characters: Math.min(10_000, 600 + 1_000 * needs),
    tokens: Math.min(2_500, 250 + 300 * needs),
  };
}
