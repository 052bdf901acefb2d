import type { Ranker, WordVectors } from "@mcp-optimizer/contracts";
import { createLexicalRanker } from "./lexical-ranker.ts";
import { createMeaningIndex } from "./meaning-index.ts";
import { meaningSegment, type MeaningSegment } from "./meaning-segment.ts";
import { createWordVectorSum, type WordVectorSum } from "./word-vector-sum.ts";

export interface MeaningRankerOptions {
  /** The table; asked for once, when the first documents are read. Undefined: words alone count. */
  readonly vectors: () => WordVectors | undefined;
}

export function createMeaningRanker({ vectors }: MeaningRankerOptions): Ranker {
  const lexical = createLexicalRanker();
  let asked = false;
  let made: { table: WordVectors; add: WordVectorSum } | undefined;
  const loaded = () => {
    if (!asked) {
      asked = true;
      const table = vectors();
      made = table && { table, add: createWordVectorSum(table) };
    }
    return made;
  };
  return {
    name: "meaning",
    segment(documents) {
      const parts = loaded();
      return parts === undefined
        ? lexical.segment(documents)
        : meaningSegment(documents, parts.table, parts.add);
    },
    join(segments) {
      const parts = loaded();
      return parts === undefined
        ? lexical.join(segments)
        : createMeaningIndex(segments as readonly MeaningSegment[], parts.table, parts.add);
    },
  };
}
