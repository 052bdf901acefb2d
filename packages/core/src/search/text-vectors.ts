import type { WordVectors } from "@mcp-optimizer/contracts";
import { splitWords } from "../catalogue/split-words.ts";
import { wordTerms } from "./word-terms.ts";

/** Makes vectors of texts from a table of word vectors. */
export interface TextVectors {
  readonly dimensions: number;
  /** Adds the vectors of a text's words, divided by the root of their number and times a weight. Unknown words add nothing. */
  add(into: Float32Array, text: string, weight: number): void;
  /** The text with English words behind it for what it says in another script. */
  withGloss(text: string): string;
}

const ASCII = /^[\0-\x7f]*$/;

/** Makes {@link TextVectors} over a table. */
export function createTextVectors(table: WordVectors): TextVectors {
  const { dimensions, rows, weights } = table;
  /** By row: what its bytes are multiplied with; NaN until it is first used. */
  const scales = new Float32Array(weights.length).fill(Number.NaN);

  const scaleOf = (row: number): number => {
    let scale = scales[row]!;
    if (Number.isNaN(scale)) {
      let squares = 0;
      for (let at = row * dimensions, end = at + dimensions; at < end; at++) squares += rows[at]! ** 2;
      scale = squares === 0 ? 0 : weights[row]! / Math.sqrt(squares);
      scales[row] = scale;
    }
    return scale;
  };

  return {
    dimensions,
    add(into, text, weight) {
      const counts = new Map<number, number>();
      let words = 0;
      for (const word of splitWords(text)) {
        const terms = wordTerms(word);
        const row = terms === undefined ? undefined : table.find(terms.stem);
        if (row === undefined) continue;
        counts.set(row, (counts.get(row) ?? 0) + 1);
        words += 1;
      }
      const share = weight / Math.sqrt(words);
      for (const [row, count] of counts) {
        const factor = share * count * scaleOf(row);
        for (let at = 0, from = row * dimensions; at < dimensions; at++, from++) {
          into[at]! += factor * rows[from]!;
        }
      }
    },
    withGloss(text) {
      const words = ASCII.test(text) ? [] : table.gloss(text);
      return words.length === 0 ? text : `${text} ${words.join(" ")}`;
    },
  };
}

/** Scales a vector to unit length; one of zeros stays as it is. Whether it has a direction. */
export function toUnitLength(vector: Float32Array): boolean {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!(squares > 0)) return false;
  const scale = 1 / Math.sqrt(squares);
  for (let at = 0; at < vector.length; at++) vector[at]! *= scale;
  return true;
}
