import type { JsonObject } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import { typeOf } from "./type-of.ts";

const object = (properties: JsonObject, rest: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  ...rest,
});
const list = (items: JsonObject): JsonObject => ({ type: "array", items });

const cases: Record<string, [JsonObject, string]> = {
  keywords: [
    object(
      { a: { type: "string" }, b: { type: "integer" }, c: { type: "boolean" }, d: { type: "null" } },
      { required: ["a"] },
    ),
    "{ a: string; b?: number; c?: boolean; d?: null }",
  ],
  "nullable types": [
    object({ a: { type: ["null", "string"] }, b: { type: "number", nullable: true } }),
    "{ a?: string | null; b?: number | null }",
  ],
  "boolean schemas": [object({ a: true, b: {} }), "{ a?: unknown; b?: unknown }"],
  const: [
    object({ a: { const: "x" }, b: { const: null }, c: { const: { k: [1, "y"] } } }),
    '{ a?: "x"; b?: null; c?: {"k":[1,"y"]} }',
  ],
  "enum in a list has parentheses": [list({ enum: ["a", "b"] }), '("a" | "b")[]'],
  "union of objects in a list has parentheses": [
    list({ anyOf: [object({ a: { type: "string" } }), object({ b: { type: "number" } })] }),
    "({ a?: string } | { b?: number })[]",
  ],
  "null in a list has parentheses": [list({ type: ["string", "null"] }), "(string | null)[]"],
  "intersection of unions has parentheses": [
    {
      allOf: [{ anyOf: [{ type: "string" }, { type: "number" }] }, { $ref: "#/$defs/A" }],
      $defs: { A: object({ a: {} }) },
    },
    "(string | number) & { a?: unknown }",
  ],
  "list of lists": [list(list({ type: "number" })), "number[][]"],
  "list of anything": [{ type: "array" }, "unknown[]"],
  tuple: [
    { type: "array", prefixItems: [{ type: "string" }, { type: "number" }], items: false, minItems: 2 },
    "[string, number]",
  ],
  "tuple with optional items and a rest": [
    {
      type: "array",
      prefixItems: [{ type: "string" }, { enum: [1, 2] }],
      items: { type: "boolean" },
      minItems: 1,
    },
    "[string, (1 | 2)?, ...boolean[]]",
  ],
  "older tuple": [
    { type: "array", items: [{ type: "string" }, { type: "number" }], additionalItems: false },
    "[string, number]",
  ],
  map: [{ type: "object", additionalProperties: { type: "number" } }, "Record<string, number>"],
  "open object": [{ type: "object" }, "Record<string, unknown>"],
  "open object with properties": [
    object({ a: {} }, { additionalProperties: true }),
    "{ a?: unknown; [key: string]: unknown }",
  ],
  "typed other keys beside properties": [
    object({ a: { type: "string" } }, { additionalProperties: { type: "number" } }),
    "{ a?: string; [key: string]: unknown /* number */ }",
  ],
  "pattern properties": [
    { type: "object", patternProperties: { "^x-": { type: "string" } } },
    "{ [key: string]: string /* other keys match /^x-/ */ }",
  ],
  "required but not described": [{ type: "object", required: ["a"] }, "{ a: unknown }"],
  "names that need quotes": [
    object({ "a-b": {}, "0": {}, "": {}, 'q"': {}, ok_$1: {} }),
    String.raw`{ "0"?: unknown; "a-b"?: unknown; ""?: unknown; "q\""?: unknown; ok_$1?: unknown }`,
  ],
  "__proto__ as a name": [
    JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}') as JsonObject,
    "{ __proto__?: string }",
  ],
  "anyOf beside properties": [
    object({ a: { type: "string" } }, { anyOf: [object({ b: {} }), object({ c: {} })] }),
    "{ a?: string } & ({ b?: unknown } | { c?: unknown })",
  ],
  "anyOf of required names": [
    object({ a: {}, b: {} }, { anyOf: [{ required: ["a"] }, { required: ["b"] }] }),
    "{ a?: unknown; b?: unknown /* needs a, or b */ }",
  ],
  "anyOf that restricts nothing visible": [
    { type: "string", anyOf: [{ format: "uri" }, { pattern: "x" }] },
    "string",
  ],
  "oneOf with equal branches": [
    { oneOf: [{ type: "string", maxLength: 3 }, { type: "string", format: "uri" }, { type: "null" }] },
    "string | null",
  ],
  "allOf of objects is one object": [
    {
      allOf: [
        object({ a: { type: "string" } }, { required: ["a"] }),
        object({ b: { type: "number" }, a: {} }),
      ],
    },
    "{ a: string; b?: number }",
  ],
  "not and if are left alone": [
    JSON.parse('{"type":"string","not":{"const":"x"},"if":{"const":"y"},"then":false}') as JsonObject,
    "string",
  ],
  "never in a union": [{ anyOf: [false, { type: "string" }] }, "string"],
  "an empty anyOf": [{ type: "string", anyOf: [] }, "string"],
  $ref: [
    object(
      { a: { $ref: "#/$defs/My%20Type" }, b: { $ref: "#/definitions/B" } },
      { $defs: { "My Type": { type: "string" } }, definitions: { B: { type: "number" } } },
    ),
    "{ a?: string; b?: number }",
  ],
  "$ref into the document, with escapes": [
    object(
      { a: { type: "string" }, b: { $ref: "#/properties/a" }, c: { $ref: "#/$defs/x~1y" } },
      { $defs: { "x/y": { const: 1 } } },
    ),
    "{ a?: string; b?: string; c?: 1 }",
  ],
  "$ref with a sibling": [
    { $ref: "#/$defs/A", required: ["a"], $defs: { A: object({ a: { type: "string" } }) } },
    "{ a?: string } & { a: unknown }",
  ],
  "$anchor and $dynamicRef": [
    object(
      { a: { $ref: "#it" }, b: { $dynamicRef: "#dyn" } },
      { $defs: { A: { $anchor: "it", type: "string" }, D: { $dynamicAnchor: "dyn", type: "number" } } },
    ),
    "{ a?: string; b?: number }",
  ],
  "a remote $ref is never fetched": [
    { $ref: "https://example.com/schema.json" },
    "unknown /* $ref https://example.com/schema.json is not in this schema */",
  ],
  "a $ref to nothing": [{ $ref: "#/$defs/none" }, "unknown /* $ref #/$defs/none is not in this schema */"],
  "a $ref with a broken escape": [{ $ref: "#/%" }, "unknown /* $ref #/% is not in this schema */"],
  "a type that refers to itself": [
    { $ref: "#/$defs/node", $defs: { node: object({ next: { $ref: "#/$defs/node" } }) } },
    "Node; type Node = { next?: Node }",
  ],
  "the whole schema refers to itself": [
    object({ children: list({ $ref: "#" }) }),
    "{ children?: Self[] }; type Self = { children?: Self[] }",
  ],
  "types that refer to each other": [
    object(
      { a: { $ref: "#/$defs/a" } },
      { $defs: { a: object({ b: { $ref: "#/$defs/b" } }), b: object({ a: { $ref: "#/$defs/a" } }) } },
    ),
    "{ a?: A }; type A = { b?: B }; type B = { a?: A }",
  ],
  "a $ref to itself alone": [{ $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }, "unknown"],
  "references that lead to each other": [
    { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
    "unknown",
  ],
  "a reference to a reference": [
    { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { type: "string" } } },
    "string",
  ],
  "wrong kinds of everything": [
    { type: 7, properties: [], required: "x", anyOf: {}, enum: "x", $ref: 5, items: "y" },
    "unknown",
  ],
};

describe("the type of a schema", () => {
  test.for(Object.entries(cases))("%s", ([, [schema, type]]) => expect(typeOf(schema)).toBe(type));

  test("types of the language are not shadowed", () => {
    const type = typeOf({
      $ref: "#/$defs/Record",
      $defs: { Record: object({ r: { $ref: "#/$defs/Record" } }) },
    });
    expect(type).toBe("Record2; type Record2 = { r?: Record2 }");
  });

  test("two definitions of one last name stay apart", () => {
    const recursive = (path: string): JsonObject => object({ [path]: { $ref: `#/$defs/${path}/node` } });
    const schema = object(
      { x: { $ref: "#/$defs/x/node" }, y: { $ref: "#/$defs/y/node" } },
      { $defs: { x: { node: recursive("x") }, y: { node: recursive("y") } } },
    );
    expect(typeOf(schema)).toBe(
      "{ x?: Node; y?: Node2 }; type Node = { x?: Node }; type Node2 = { y?: Node2 }",
    );
  });
});
