import type { Ranker, RankerIndex, RankerSegment, WordVectors } from "@mcp-optimizer/contracts";
import { createLexicalRanker } from "./lexical-ranker.ts";
import { createMeaningIndex } from "./meaning-index.ts";
import { meaningSegment, type MeaningSegment } from "./meaning-segment.ts";
import { createTextVectors, type TextVectors } from "./text-vectors.ts";

/** What a meaning ranker is made of. */
export interface MeaningRankerOptions {
  /** The table of word vectors. Asked for once, when the first documents are indexed; where it gives undefined, words alone count. */
  readonly vectors: () => WordVectors | undefined;
}

/** Ranks by shared words and by the nearness of meaning that word vectors give. */
export function createMeaningRanker({ vectors }: MeaningRankerOptions): Ranker {
  const lexical = createLexicalRanker();
  let loaded: { readonly texts: TextVectors | undefined } | undefined;

  const texts = (): TextVectors | undefined => {
    if (loaded === undefined) {
      const table = vectors();
      loaded = { texts: table && createTextVectors(table) };
    }
    return loaded.texts;
  };

  return {
    name: "meaning",
    segment(documents): RankerSegment {
      const made = texts();
      return made === undefined ? lexical.segment(documents) : meaningSegment(documents, made);
    },
    join(segments): RankerIndex {
      const made = texts();
      return made === undefined
        ? lexical.join(segments)
        : createMeaningIndex(segments as readonly MeaningSegment[], made);
    },
  };
}
