import type { JsonObject, JsonValue, ToolDefinition } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import { acceptsShape } from "../../src/learning/accepts-shape.ts";
import { knownOutput, mergeOutputs, type LearnedOutput } from "../../src/learning/learned-output.ts";
import { shapeOf } from "../../src/learning/shape-of.ts";
import { encodeShape } from "../../src/learning/shape-json.ts";
import { shapeOfResult } from "../../src/learning/shape-of-result.ts";
import { toolDeclaration } from "../../src/signatures/tool-declaration.ts";
import { toolSignature } from "../../src/signatures/tool-signature.ts";
import { expectOnlyTypes, asSource } from "../signatures/parses.ts";
import { catalogued } from "../signatures/type-of.ts";

const definition = (rest: JsonObject = {}): ToolDefinition => ({
  name: "t",
  description: "Reads the state and size of a file",
  inputSchema: { type: "object", properties: {} },
  ...rest,
});
const learned = (tool: ToolDefinition, values: readonly JsonValue[]): LearnedOutput =>
  values.map((value) => ({ seen: 1, shape: shapeOfResult(value, tool) })).reduce(mergeOutputs);
/** What a signature says of the result after these. */
const seen = (values: readonly JsonValue[], tool: ToolDefinition = definition()): string => {
  const signature = toolSignature(catalogued(tool), () => knownOutput(tool, learned(tool, values)));
  expectOnlyTypes(asSource([signature], []));
  return signature.slice("s.t(): ".length);
};

describe("a type that was learned", () => {
  test.each<[string, JsonValue[], string]>([
    [
      "members that are missing or null",
      [
        [
          { id: 1, name: "x" },
          { id: 2, name: null },
        ],
        [{ id: 3 }],
      ],
      "Promise<{ id: number; name?: string | null }[]> /* seen 2× */",
    ],
    ["an empty list, then a full one", [[], [1]], "Promise<number[]> /* seen 2× */"],
    ["only an empty list", [[]], "Promise<unknown[]> /* seen 1× */"],
    ["nothing", [null], "Promise<null> /* seen 1× */"],
    [
      "dates as names",
      [{ "2024-01-02": 3, "2024-01-03": 4 }],
      "Promise<Record<string, number>> /* seen 1× */",
    ],
    [
      "paths as names, one of them plain",
      [{ "src/a.ts": { lines: 1 }, README: { lines: 1 } }],
      "Promise<Record<string, { lines: number }>> /* seen 1× */",
    ],
    [
      "names that differ from call to call",
      [{ alice: 3 }, { bob: 4, carol: 1 }],
      "Promise<Record<string, number>> /* seen 2× */",
    ],
    [
      "rows of different columns",
      [[{ id: 1, name: "x" }], [{ month: "1", revenue: 3.5 }]],
      "Promise<Record<string, string | number>[]> /* seen 2× */",
    ],
    [
      "fixed names beside some that are data",
      [{ total: 2, kind: "mail", unread: 1, "a@b.co": true }],
      "Promise<{ total: number; kind: string; unread: number; [key: string]: unknown /* boolean */ }> /* seen 1× */",
    ],
    [
      "what is there or an error",
      [{ ok: true }, { error: "E17" }],
      'Promise<{ ok?: boolean; error?: string /* seen: "<id>" */ }> /* seen 2× */',
    ],
    ["a column with a function", [[{ "count(*)": 3 }]], 'Promise<{ "count(*)": number }[]> /* seen 1× */'],
    [
      "a type that changes from call to call",
      [3, "12", null, { a: true }, [1]],
      'Promise<{ a: boolean } | number[] | string | number | null> /* seen 5×: "<number>" */',
    ],
  ])("%s", (_name, values, expected) => {
    expect(seen(values)).toBe(expected);
  });

  test("a text is shown with its format", () => {
    expect(seen(["size: 10\ncreated: 2024-01-02"])).toBe(
      'Promise<string> /* seen 1×: "size: <number>\\ncreated: <date>" key-value: tools.parse(text) */',
    );
  });

  test("of JSON in a text, it is shown what it holds", () => {
    const tree = (depth: number): JsonValue[] =>
      depth === 0 ? [] : [{ name: "x", type: "directory", children: tree(depth - 1) }];
    expect(seen([`Found 1 match:\n${JSON.stringify(tree(2))}`, { a: 1 }])).toMatch(
      /^Promise<\{ a: number \} \| string> \/\* seen 2×: "Found <number> match:\\n<json>" JSON: tools\.parse\(text\) gives /u,
    );
    expect(seen([{ content: JSON.stringify(tree(9)) }])).toMatch(
      /gives \{ name: string; type: string; children: .*\}\[\] \*\/ \}> \/\* seen 1× \*\/$/u,
    );
  });

  test("10,000 names are a map, and a deep value ends in unknown", () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`name${index}`, index]));
    expect(seen([wide])).toBe("Promise<Record<string, number>> /* seen 1× */");
    let deep: JsonValue = "bottom";
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    expect(seen([deep])).toContain("unknown[]");
    expect(acceptsShape(shapeOf(deep), deep)).toBe(true);
  });

  test("what is stored stays small, however the type changes", () => {
    const names = "abcdefghijklmnopqrst".split("");
    const tree = (depth: number, salt: number): JsonValue =>
      depth === 0
        ? salt
        : Object.fromEntries(
            names.map((name, at) => [name + names[(salt + depth) % 20], at % 3 ? at : tree(depth - 1, salt)]),
          );
    const values = Array.from({ length: 12 }, (_, salt) => tree(3, salt));
    const { shape } = learned(definition(), values);
    expect(JSON.stringify(encodeShape(shape)).length).toBeLessThan(20_000);
    for (const value of values) expect(acceptsShape(shape, value)).toBe(true);
  });

  test("binary text says nothing of itself", () => {
    const bytes = String.fromCharCode(...Array.from({ length: 600 }, (_, index) => (index * 7919) % 256));
    expect(seen([bytes])).toMatch(/^Promise<string> \/\* seen 1×[^\\]*\*\/$/u);
  });

  test("names cannot leave the type, nor a comment", () => {
    const text = seen([{ "a */ }; steal()": 1, "*/": 2, ok_name: "x", __proto__x: 3, other: 1, third: 2 }]);
    expect(text).not.toContain("steal");
  });

  test("the whole declaration has it too", () => {
    const tool = definition();
    const text = toolDeclaration(catalogued(tool), {}, () => knownOutput(tool, learned(tool, [{ id: 1 }])));
    expect(text).toContain("s.t(): Promise<{\n  id: number;\n}> /* seen 1× */");
  });
});

describe("a type that its server declares", () => {
  const content = { type: "object", properties: { content: { type: "string" } }, required: ["content"] };
  const rows: JsonObject = {
    type: "object",
    properties: { rows: { type: "array", items: { type: "integer" } }, next: { type: ["string", "null"] } },
    required: ["rows"],
    additionalProperties: false,
  };

  test("has the format of its only text", () => {
    expect(seen([{ content: "[FILE] a.txt\n[DIR] b" }], definition({ outputSchema: content }))).toMatch(
      /^Promise<\{ content: string \/\* seen: "\[FILE\] .* \*\/ \}>$/u,
    );
  });

  test.each<[JsonValue, boolean]>([
    [{ rows: [1, 2] }, true],
    [{ rows: [], next: null }, true],
    [{ rows: [1], more: true }, true],
    [{ rows: ["a"] }, false],
    [{ next: "x" }, false],
    [[1], false],
    ["text", false],
  ])("%j is as declared: %s", (value, honest) => {
    const tool = definition({ outputSchema: rows });
    const output = knownOutput(tool, learned(tool, [value]));
    if (honest) expect(output).toBeUndefined();
    else expect(output?.note).toContain("seen 1×; declared otherwise");
  });

  test("is believed where its schema is not read in full", () => {
    const schemas: JsonObject[] = [
      { $ref: "#/$defs/x" },
      { anyOf: [{ type: "string" }] },
      {},
      { type: "object" },
    ];
    for (const outputSchema of schemas) {
      const tool = definition({ outputSchema });
      expect(knownOutput(tool, learned(tool, [{ a: 1 }]))).toBeUndefined();
    }
  });
});
