import type { RankerIndex, WordVectors } from "@mcp-optimizer/contracts";
import { createLexicalIndex } from "./lexical-index.ts";
import { glossed, toUnitLength, type MeaningSegment } from "./meaning-segment.ts";
import { S } from "./meaning-settings.ts";
import { pickRanked } from "./pick-ranked.ts";
import type { WordVectorSum } from "./word-vector-sum.ts";

export function createMeaningIndex(
  segments: readonly MeaningSegment[],
  table: WordVectors,
  add: WordVectorSum,
): RankerIndex {
  const { dimensions } = table;
  const lexical = createLexicalIndex(segments.map(({ lexical }) => lexical));
  const size = lexical.size;
  const mean = new Float32Array(dimensions);
  for (const { vectors } of segments)
    for (let i = 0; i < vectors.length; i++) mean[i % dimensions]! += vectors[i]! / size;
  const centre = (v: Float32Array): void => {
    for (let i = 0; i < dimensions; i++) v[i]! -= S.mean * mean[i]!;
    toUnitLength(v);
  };
  const matrix = new Float32Array(size * dimensions);
  let at = 0;
  const names = new Map<string, number>();
  const servers = new Uint32Array(size);
  let doc = 0;
  for (const { vectors, servers: list } of segments) {
    matrix.set(vectors, at);
    at += vectors.length;
    for (const name of list) {
      if (!names.has(name)) names.set(name, names.size);
      servers[doc++] = names.get(name)!;
    }
  }
  for (let d = 0; d < size; d++) {
    const row = matrix.subarray(d * dimensions, (d + 1) * dimensions);
    if (row.some((x) => x !== 0)) centre(row);
  }
  return {
    rank(query, options = {}) {
      const text = S.gloss ? glossed(query, table) : query;
      const totals = lexical.score(text);
      const vector = new Float32Array(dimensions);
      add(vector, text, 1);
      toUnitLength(vector);
      const known = vector.some((x) => x !== 0);
      if (known) centre(vector);
      let top = 0;
      for (let d = 0; d < size; d++) if ((options.accept?.(d) ?? true) && totals[d]! > top) top = totals[d]!;
      for (let d = 0; d < size; d++) {
        let cos = 0;
        for (let i = 0, f = d * dimensions; i < dimensions; i++) cos += vector[i]! * matrix[f + i]!;
        const lex = top === 0 ? 0 : totals[d]! / top;
        totals[d] = lex + (lex === 0 && cos < S.floor ? 0 : S.cosine * Math.max(0, cos));
      }
      if (S.bonus > 0) {
        const best = Array.from(names, () => new Array<number>(S.best).fill(0));
        for (let d = 0; d < size; d++) {
          const b = best[servers[d]!]!;
          b.push(totals[d]!);
          b.sort((x, y) => y - x);
          b.pop();
        }
        const bonus = best.map((b) => (S.bonus * b.reduce((x, y) => x + y, 0)) / S.best);
        for (let d = 0; d < size; d++) if (totals[d]! > 0) totals[d]! += bonus[servers[d]!]!;
      }
      return pickRanked(totals, options);
    },
  };
}
