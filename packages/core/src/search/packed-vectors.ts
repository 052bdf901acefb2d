/** Vectors of signed bytes, two rows to an array of doubles, each row with the factor that makes it what it was. */
export interface PackedVectors {
  readonly size: number;
  /** Dimension after dimension, `first + second * 2^27` of each pair of rows; padded with rows of zeros to a multiple of {@link STRIDE}. */
  readonly pairs: Float64Array;
  readonly factors: Float32Array;
  /** Of all rows. Exact, in whatever parts it is added up: a byte times a factor has 31 bits. */
  readonly sum: Float64Array;
}

/** Rows that are multiplied at a time. */
const STRIDE = 8;
const MOST_BYTE = 127;
/** What the second row of a pair is multiplied with: sums of the first stay below half of it, and the whole below 2^53. */
const SECOND = 2 ** 27;
const MOST_SUM = 2 ** 25;

/** Packs vectors of one length. */
export function packVectors(vectors: readonly Float32Array[], dimensions: number): PackedVectors {
  const pairs = new Float64Array((Math.ceil(vectors.length / STRIDE) * STRIDE * dimensions) / 2);
  const factors = new Float32Array(vectors.length);
  const sum = new Float64Array(dimensions);
  vectors.forEach((vector, row) => {
    const factor = Math.fround(largest(vector) / MOST_BYTE);
    if (factor === 0) return;
    factors[row] = factor;
    const place = row % 2 === 0 ? 1 : SECOND;
    for (let at = 0, to = (row >> 1) * dimensions; at < dimensions; at++, to++) {
      const byte = Math.round(vector[at]! / factor);
      pairs[to]! += byte * place;
      sum[at]! += byte * factor;
    }
  });
  return { size: vectors.length, pairs, factors, sum };
}

/** The product of a vector with each row of each part, in order. */
export function multiplyRows(parts: readonly PackedVectors[], vector: Float32Array): Float64Array {
  const most = Math.floor(MOST_SUM / (MOST_BYTE * vector.length));
  const factor = largest(vector) / most || 1;
  const query = Float64Array.from(vector, (value) => Math.round(value / factor));
  const products = new Float64Array(parts.reduce((sum, { size }) => sum + size, 0));
  let start = 0;
  for (const part of parts) {
    const own = products.subarray(start, (start += part.size));
    multiplyPart(part.pairs, query, own);
    for (let row = 0; row < own.length; row++) own[row]! *= factor * part.factors[row]!;
  }
  return products;
}

function multiplyPart(pairs: Float64Array, query: Float64Array, products: Float64Array): void {
  const dimensions = query.length;
  for (let row = 0; row < products.length; row += STRIDE) {
    let one = 0;
    let two = 0;
    let three = 0;
    let four = 0;
    const first = (row / 2) * dimensions;
    const second = first + dimensions;
    const third = second + dimensions;
    const fourth = third + dimensions;
    for (let at = 0; at < dimensions; at++) {
      const value = query[at]!;
      one += value * pairs[first + at]!;
      two += value * pairs[second + at]!;
      three += value * pairs[third + at]!;
      four += value * pairs[fourth + at]!;
    }
    unpack(one, products, row);
    unpack(two, products, row + 2);
    unpack(three, products, row + 4);
    unpack(four, products, row + 6);
  }
}

/** Writes the products of a pair of rows; beyond its end, a typed array takes none. */
function unpack(pair: number, products: Float64Array, row: number): void {
  const second = Math.round(pair / SECOND);
  products[row] = pair - second * SECOND;
  products[row + 1] = second;
}

function largest(vector: Float32Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most;
}
