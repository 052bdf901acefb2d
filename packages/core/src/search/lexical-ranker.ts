import type { Ranker } from "@mcp-optimizer/contracts";
import { createLexicalIndex } from "./lexical-index.ts";
import { lexicalSegment, type LexicalSegment } from "./lexical-segment.ts";
import { pickRanked } from "./pick-ranked.ts";

/** BM25 over identifier words, stems and exact forms together; each word of a query counts once. */
export function createLexicalRanker(): Ranker {
  return {
    name: "lexical",
    segment: lexicalSegment,
    join(segments) {
      const index = createLexicalIndex(segments as readonly LexicalSegment[]);
      return { rank: (query, options) => pickRanked(index.score(query), options) };
    },
  };
}
