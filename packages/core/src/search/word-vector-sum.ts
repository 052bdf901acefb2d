import type { WordVectors } from "@mcp-optimizer/contracts";
import { splitWords } from "../catalogue/split-words.ts";
import { wordTerms } from "./word-terms.ts";

/** Adds the vectors of a text's words to a sum, divided by the root of their number and times a weight. */
export interface WordVectorSum {
  (into: Float32Array, text: string, weight: number): void;
}

/** Makes the sum over a table of word vectors. */
export function createWordVectorSum({ dimensions, rows, weights, find }: WordVectors): WordVectorSum {
  /** By row: what its bytes are multiplied with; 0 until it is first used. */
  const scales = new Float32Array(weights.length);

  const scaleOf = (row: number): number => {
    let scale = scales[row]!;
    if (scale === 0) {
      let squares = 0;
      for (let at = row * dimensions, end = at + dimensions; at < end; at++) squares += rows[at]! * rows[at]!;
      scale = squares === 0 ? 0 : weights[row]! / Math.sqrt(squares);
      scales[row] = scale;
    }
    return scale;
  };

  return (into, text, weight) => {
    const found: number[] = [];
    for (const word of splitWords(text)) {
      const terms = wordTerms(word);
      const row = terms === undefined ? undefined : find(terms.stem);
      if (row !== undefined) found.push(row);
    }
    const share = weight / Math.sqrt(Math.max(1, found.length));
    for (const row of found) {
      const factor = share * scaleOf(row);
      for (let at = 0, from = row * dimensions; at < dimensions; at++) into[at]! += factor * rows[from + at]!;
    }
  };
}
