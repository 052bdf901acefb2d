import type { JsonValue } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { TokenCounter } from "@mcp-optimizer/contracts";
import { jsonSize } from "../../src/result/json-size.ts";
import { shapeValue } from "../../src/result/shape-value.ts";
import type { ShapedValue } from "../../src/result/shaped-value.ts";
import { loadO200kTokenCounter } from "../../src/tokens/o200k-token-counter.ts";

let counter: TokenCounter;
beforeAll(async () => {
  counter = await loadO200kTokenCounter();
});
const tokens = ({ value, omitted }: ShapedValue): number =>
  counter.count(JSON.stringify(value)) + (omitted.length === 0 ? 0 : counter.count(JSON.stringify(omitted)));

const rows = (count: number, width = 8): JsonValue =>
  Array.from({ length: count }, (_, id) => ({ id, name: `row ${id}`, text: "word ".repeat(width) }));

describe("shaping", () => {
  test("a small value stays as it is", () => {
    const value = { a: [1, null, "x"], b: { c: true } };
    expect(shapeValue(value, 100, counter)).toEqual({ value, omitted: [] });
  });

  test("a long list keeps its head, whole rows, and says how many there were", () => {
    const shaped = shapeValue(rows(5_000), 500, counter);
    const kept = shaped.value as JsonValue[];
    expect(kept.length).toBeGreaterThan(8);
    expect(kept[0]).toEqual((rows(1) as JsonValue[])[0]);
    expect(shaped.omitted.join()).toContain(`${kept.length} of 5000 items`);
    expect(tokens(shaped)).toBeLessThanOrEqual(500);
    expect(tokens(shaped)).toBeGreaterThan(350);
  });

  test("a long text keeps its beginning and says how long it was", () => {
    const shaped = shapeValue({ log: "line of text\n".repeat(10_000) }, 300, counter);
    expect((shaped.value as { log: string }).log.length).toBeGreaterThan(400);
    expect(shaped.omitted.join()).toMatch(/\$\.log: \d+ of 130000 characters/);
  });

  test("alike places share a note", () => {
    const shaped = shapeValue(rows(30, 400), 400, counter);
    expect(shaped.omitted.length).toBeLessThanOrEqual(2);
    expect(shaped.omitted.join()).toMatch(/\$\[\*\]\.text: \d+ of 2000 characters, and \d+ more alike/);
  });

  test("10,000 keys, 10,000 levels", () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, i]));
    expect(shapeValue(wide, 200, counter).omitted.join()).toMatch(/of 10000 keys/);
    let deep: JsonValue = 1;
    for (let i = 0; i < 10_000; i += 1) deep = { deep };
    expect(tokens(shapeValue(deep, 200, counter))).toBeLessThanOrEqual(200);
  });

  test("a key named __proto__ survives", () => {
    const value = JSON.parse(`{"__proto__": {"a": 1}, "rest": "${"x ".repeat(3000)}"}`) as JsonValue;
    expect(JSON.stringify(shapeValue(value, 200, counter).value)).toContain('{"__proto__":{"a":1}');
  });

  test("whatever the value: valid JSON, within the budget, and silent about nothing", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6, noUnicodeString: false }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 40, max: 400 }),
        (piece, copies, budget) => {
          const value = Array.from({ length: copies * copies }, () => piece) as JsonValue;
          const shaped = shapeValue(value, budget, counter);
          const text = JSON.stringify(shaped.value);
          expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(shaped.value)));
          expect(tokens(shaped)).toBeLessThanOrEqual(budget);
          expect(text === JSON.stringify(value)).toBe(shaped.omitted.length === 0);
        },
      ),
      { numRuns: 150 },
    );
  });
});

test("jsonSize is the length of the JSON text", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jsonSize(value)).toBe(JSON.stringify(value).length);
    }),
  );
});

test("the counter counts special tokens as text and long runs in bounded time", () => {
  expect(counter.count("<|endoftext|>")).toBeGreaterThan(1);
  expect(counter.count("")).toBe(0);
  expect(counter.count("a".repeat(1_000_000))).toBeGreaterThan(100_000);
  expect(counter.count(" ".repeat(1_000_000))).toBeGreaterThan(1);
});
