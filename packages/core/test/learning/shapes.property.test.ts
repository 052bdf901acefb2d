import type { JsonValue } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { acceptsShape } from "../../src/learning/accepts-shape.ts";
import { mergeShapes } from "../../src/learning/merge-shapes.ts";
import { decodeShape, encodeShape } from "../../src/learning/shape-json.ts";
import { shapeOf } from "../../src/learning/shape-of.ts";
import { shapeOfResult } from "../../src/learning/shape-of-result.ts";
import { NOTHING, type Shape } from "../../src/learning/shape.ts";

const name = fc.oneof(
  fc.constantFrom(
    "id",
    "name",
    "items",
    "total",
    "createdAt",
    "__proto__",
    "a@b.co",
    "2026-01-02",
    "src/a.ts",
  ),
  fc.string({ maxLength: 8 }),
);
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<JsonValue>(null, true, 1, "x", ""),
    fc.array(tie("json"), { maxLength: 5 }),
    fc
      .array(fc.tuple(name, tie("json")), { maxLength: 8 })
      .map((entries): JsonValue => Object.fromEntries(entries)),
  ),
}));
const merged = (values: readonly JsonValue[]): Shape => values.map(shapeOf).reduce(mergeShapes, NOTHING);

/** Order of members and kinds left out. */
const sorted = (part: JsonValue): JsonValue =>
  Array.isArray(part)
    ? part.map(sorted).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    : part !== null && typeof part === "object"
      ? Object.fromEntries(Object.entries(part).map(([key, value]) => [key, sorted(value ?? null)]))
      : part;
const plain = (shape: Shape): JsonValue => sorted(encodeShape(shape));

test("a type accepts every value that it was learned of, in whatever order they came", () => {
  fc.assert(
    fc.property(
      fc
        .array(json, { minLength: 1, maxLength: 6 })
        .chain((values) =>
          fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length })),
        ),
      ([values, others]) => {
        for (const shape of [merged(values), merged(others)]) {
          for (const value of values) if (!acceptsShape(shape, value)) return false;
        }
        return true;
      },
    ),
    { numRuns: 300 },
  );
});

test("merging takes both sides alike, and nothing new changes nothing", () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 4 }), fc.array(json, { maxLength: 4 }), (left, right) => {
      const [a, b] = [merged(left), merged(right)];
      const both = mergeShapes(a, b);
      expect(plain(mergeShapes(b, a))).toEqual(plain(both));
      expect(plain(mergeShapes(a, a))).toEqual(plain(a));
      expect(plain(mergeShapes(both, b))).toEqual(plain(both));
    }),
    { numRuns: 300 },
  );
});

test("what is stored is the shape", () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 4 }), (values) => {
      const shape = merged(values);
      const stored = JSON.parse(JSON.stringify(encodeShape(shape))) as JsonValue;
      expect(decodeShape(stored)).toEqual(shape);
    }),
    { numRuns: 100 },
  );
});

test("no value is in what is stored, nor a name that is data", () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_]{4,10}$/u).map((text) => `5ecr3t${text}`);
  const data = fc.constantFrom(
    (text: string) => `${text}@example.org`,
    (text: string) => `/home/${text}/x`,
    (text: string) => `${text}-2024-01-02`,
    (text: string) => `${text} ${text}`,
    (text: string) => `sk_${text}99887766`,
  );
  fc.assert(
    fc.property(json, secret, data, fc.double({ noNaN: true, min: 1e6 }), (value, text, key, number) => {
      const planted: JsonValue = { value, list: [text, { inner: text, number }], [key(text)]: text, number };
      const stored = JSON.stringify(encodeShape(mergeShapes(shapeOf(planted), shapeOf({ [key(text)]: 1 }))));
      expect(stored).not.toContain(text);
      for (const texts of [
        JSON.stringify(planted),
        `Found ${text}:\n${JSON.stringify([planted])}`,
        `${key(text)}: ${text}`,
      ]) {
        const told = shapeOfResult({ content: texts }, { name: "t", inputSchema: {} });
        expect(JSON.stringify(encodeShape(told))).not.toContain(text);
      }
      expect(stored).not.toContain(String(number));
    }),
    { numRuns: 200 },
  );
});
