import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { requireJson } from "../../src/state/require-json.ts";

const circle: Record<string, unknown> = { a: { list: [1, 2, 3] } };
(circle["a"] as { list: unknown[] }).list.push(circle);
const named = Object.assign([1], { name: 1 });
const sparse: unknown[] = [];
sparse[3_999_999_999] = 1;
class Point {
  x = 1;
}

test.each<[string, unknown, string]>([
  ["nothing", undefined, "$ is undefined"],
  ["undefined inside", { a: [1, undefined] }, "$.a[1] is undefined"],
  ["a BigInt", { a: { b: [0, 1, 2, 3n] } }, "$.a.b[3] is a BigInt"],
  ["a function", { "a b": () => 1 }, '$["a b"] is a function'],
  ["a toJSON of its own", { a: { toJSON: () => 1 } }, "$.a.toJSON is a function"],
  ["a symbol", [Symbol("x")], "$[0] is a symbol"],
  ["a symbol as a key", { a: { [Symbol("x")]: 1 } }, "$.a is an object with symbols"],
  ["NaN", { a: Number.NaN }, "$.a is NaN"],
  ["Infinity", [-Infinity], "$[0] is -Infinity"],
  ["a date", { at: new Date(0) }, "$.at is a Date"],
  ["a map", { m: new Map() }, "$.m is a Map"],
  ["bytes", { m: new Uint8Array(2) }, "$.m is a Uint8Array"],
  ["an instance", { p: new Point() }, "$.p is a Point"],
  ["a boxed text", { p: Object("x") as object }, "$.p is a String"],
  ["an heir", { p: Object.create({ x: 1 }) as object }, "$.p is no plain object"],
  ["a hole", { b: sparse }, "$.b is an array with holes"],
  ["an array with names", { b: named }, "$.b is an array with holes or names"],
  ["a circle", circle, "$.a.list[3] holds itself"],
  ["__proto__", JSON.parse('{"a":{"__proto__":{"x":1}}}'), "$.a.__proto__ is a key that is not taken"],
])("%s is refused, with its place", (_, value, words) => {
  expect(() => requireJson(value)).toThrow(
    expect.objectContaining({
      code: "invalid_params",
      message: expect.stringContaining(words) as string,
    }) as Error,
  );
});

test("what is too deep, or too much by being there many times, is refused at once", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(() => requireJson(deep)).toThrow("deeper than 500 levels");
  // Each half is shallow enough, and the second holds the first at its end.
  const nested = (inner: unknown): unknown => {
    let value = inner;
    for (let i = 0; i < 300; i++) value = [value];
    return value;
  };
  const half = nested(1);
  expect(() => requireJson([half, nested(half)])).toThrow("deeper than 500 levels");
  let wide: unknown = 1;
  for (let i = 0; i < 60; i++) wide = [wide, wide];
  expect(() => requireJson(wide)).toThrow("is more than 5000000 values");
});

test("all that JSON says is taken as it is", () => {
  const shared = { a: 1 };
  for (const value of [
    null,
    "",
    0,
    -0,
    [],
    {},
    [shared, shared],
    [shared, Array.from({ length: 498 }).reduce<unknown>((inner) => [inner], shared)],
    Object.create(null),
    runInNewContext("({ a: [1] })"),
  ])
    expect(requireJson(value)).toBe(value);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      expect(requireJson(value)).toBe(value);
    }),
    { numRuns: 100 },
  );
});
