import * as fc from "fast-check";
import { expect, test } from "vitest";
import { multiplyRows, packVectors } from "../../src/search/packed-vectors.ts";

const DIMENSIONS = 256;
const unit = fc
  .array(fc.integer({ min: -100, max: 100 }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
  .map((values) => {
    const length = Math.hypot(...values) || 1;
    return Float32Array.from(values, (value) => value / length);
  });
const product = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, at) => sum + value * other[at]!, 0);

test("products are those of the vectors, to a hundredth, in parts of any size", () => {
  const property = fc.property(fc.array(unit, { maxLength: 11 }), fc.nat(11), unit, (rows, cut, query) => {
    const parts = [rows.slice(0, cut), rows.slice(cut)].map((part) => packVectors(part, DIMENSIONS));
    const products = multiplyRows(parts, query);
    expect(products).toHaveLength(rows.length);
    rows.forEach((row, at) => expect(products[at]).toBeCloseTo(product(row, query), 2));
    expect([...products]).toEqual([...multiplyRows([packVectors(rows, DIMENSIONS)], query)]);
  });
  fc.assert(property, { numRuns: 30 });
});

test("the largest values do not run into their neighbours", () => {
  const ones = new Float32Array(DIMENSIONS).fill(1);
  const minus = new Float32Array(DIMENSIONS).fill(-1);
  const products = multiplyRows([packVectors([ones, minus, minus, ones], DIMENSIONS)], ones);
  expect([...products].map((value) => Math.round(value))).toEqual([256, -256, -256, 256]);
});

test("the sum of the rows is the same in whatever order", () => {
  const rows = Array.from({ length: 9 }, (_, row) =>
    Float32Array.from({ length: 4 }, (_, at) => Math.sin(row * 4 + at) / (row + 1)),
  );
  const { sum } = packVectors(rows, 4);
  expect([...packVectors(rows.toReversed(), 4).sum]).toEqual([...sum]);
});
