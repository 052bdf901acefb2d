import { multiplyRows, type PackedVectors } from "./packed-vectors.ts";
import { toUnitLength } from "./text-vectors.ts";

/** How much of the mean is taken off each vector, when there are many. */
const MEAN_SHARE = 0.8;
/** With so many documents half of that: what a few have in common is not what is usual. */
const FEW = 30;

/** The vectors of all documents, with most of what they have in common taken off. */
export interface VectorSpace {
  /** The cosine of a vector with each document; 0 for one without a direction. */
  cosines(vector: Float32Array): Float64Array;
}

/** Joins parts; documents are numbered through in order. */
export function createVectorSpace(parts: readonly PackedVectors[], dimensions: number): VectorSpace {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const share = MEAN_SHARE / (size + FEW);
  const common = new Float32Array(dimensions);
  const total = new Float64Array(dimensions);
  for (const { sum } of parts) for (let at = 0; at < dimensions; at++) total[at]! += sum[at]!;
  for (let at = 0; at < dimensions; at++) common[at] = share * total[at]!;
  const square = common.reduce((sum, value) => sum + value * value, 0);

  /** One over the length of each vector less the common part, which |v - c|² = 1 - 2vc + c² gives; 0 for one without a direction. */
  const scales = multiplyRows(parts, common);
  let document = 0;
  for (const { factors } of parts) {
    for (let row = 0; row < factors.length; row++, document++) {
      const left = 1 - 2 * scales[document]! + square;
      scales[document] = factors[row] === 0 || left < 1e-6 ? 0 : 1 / Math.sqrt(left);
    }
  }

  return {
    cosines(vector) {
      const query = vector.map((value, at) => value - common[at]!);
      if (!toUnitLength(query)) return new Float64Array(size);
      const usual = query.reduce((sum, value, at) => sum + value * common[at]!, 0);
      const cosines = multiplyRows(parts, query);
      for (let at = 0; at < size; at++) cosines[at] = (cosines[at]! - usual) * scales[at]!;
      return cosines;
    },
  };
}
