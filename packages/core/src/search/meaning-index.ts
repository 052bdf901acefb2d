import type { RankerIndex } from "@mcp-optimizer/contracts";
import { createLexicalIndex } from "./lexical-index.ts";
import type { MeaningSegment } from "./meaning-segment.ts";
import { pickRanked } from "./pick-ranked.ts";
import { addServerBonus } from "./server-bonus.ts";
import { toUnitLength, type TextVectors } from "./text-vectors.ts";
import { createVectorSpace } from "./vector-space.ts";

/** What a cosine counts beside the lexical score, of which the best is 1. */
const COSINE_WEIGHT = 1.5;
/** A document that shares no word with the query matches from this cosine on. */
const LEAST_COSINE = 0.2;

/** Joins segments: the score is lexical, plus the cosine of query and document, plus a bonus for what stands beside good ones. */
export function createMeaningIndex(segments: readonly MeaningSegment[], texts: TextVectors): RankerIndex {
  const lexical = createLexicalIndex(segments.map((segment) => segment.lexical));
  const space = createVectorSpace(
    segments.map(({ vectors }) => vectors),
    texts.dimensions,
  );
  const { numbers, count } = numberServers(segments);

  return {
    rank(query, { accept, atLeast } = {}) {
      const text = texts.withGloss(query);
      const totals = lexical.score(text);
      const vector = new Float32Array(texts.dimensions);
      texts.add(vector, text, 1);
      const cosines = toUnitLength(vector) ? space.cosines(vector) : new Float64Array(totals.length);
      let best = 0;
      for (let at = 0; at < totals.length; at++) {
        if (accept !== undefined && !accept(at)) totals[at] = cosines[at] = 0;
        else if (totals[at]! > best) best = totals[at]!;
      }
      for (let at = 0; at < totals.length; at++) {
        const shares = totals[at]! > 0;
        const cosine = cosines[at]!;
        totals[at] =
          (shares ? totals[at]! / best : 0) +
          (cosine >= (shares ? 0 : LEAST_COSINE) ? COSINE_WEIGHT * cosine : 0);
      }
      addServerBonus(totals, numbers, count);
      return pickRanked(totals, { atLeast });
    },
  };
}

function numberServers(segments: readonly MeaningSegment[]): { numbers: Uint32Array; count: number } {
  const known = new Map<string, number>();
  const numbers = segments.flatMap(({ servers }) =>
    servers.map((server) => {
      if (!known.has(server)) known.set(server, known.size);
      return known.get(server)!;
    }),
  );
  return { numbers: Uint32Array.from(numbers), count: known.size };
}
