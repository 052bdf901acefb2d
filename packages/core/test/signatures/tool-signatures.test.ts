import type { JsonObject } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import { toolSignatures } from "../../src/signatures/tool-signatures.ts";
import { toolDeclaration } from "../../src/signatures/tool-declaration.ts";
import { catalogued, cataloguedAll, propertyOf } from "./type-of.ts";

const wide = (count: number, schema: JsonObject = { type: "string" }): JsonObject => ({
  type: "object",
  properties: Object.fromEntries(Array.from({ length: count }, (_, index) => [`property_${index}`, schema])),
});
const signature = (inputSchema: JsonObject, rest: JsonObject = {}): string =>
  toolSignatures([catalogued({ name: "t", inputSchema, ...rest })]).signatures[0]!;

describe("a signature", () => {
  test("arguments are required, may be left out, or are none", () => {
    expect(signature({ type: "object", properties: { a: { type: "string" } }, required: ["a"] })).toBe(
      "s.t(args: { a: string }): Promise<unknown>",
    );
    expect(signature({ type: "object", properties: { a: { type: "string" } } })).toBe(
      "s.t(args?: { a?: string }): Promise<unknown>",
    );
    expect(signature({ type: "object", properties: {} })).toBe("s.t(): Promise<unknown>");
    expect(signature({ type: "object", additionalProperties: true })).toBe(
      "s.t(args?: Record<string, unknown>): Promise<unknown>",
    );
  });

  test("says what a name does not: meaning, default, bounds", () => {
    expect(
      propertyOf(
        { type: "string", description: "Path to the Git repository. Defaults to the session's." },
        "path",
      ),
    ).toBe("path?: string /* Path to the Git repository. Defaults to the session's */");
    expect(propertyOf({ type: "integer", minimum: 1, maximum: 1000, default: 20 }, "limit")).toBe(
      "limit?: number /* default 20; 1..1000 */",
    );
    expect(propertyOf({ type: "string", description: "The issue title" }, "issue_title")).toBe(
      "issue_title?: string",
    );
    expect(propertyOf({ type: "string", format: "date-time", pattern: "^.*$" }, "since")).toBe(
      "since?: string /* date-time */",
    );
    expect(
      propertyOf({ type: "array", items: { type: "string", maxLength: 9 }, minItems: 1, uniqueItems: true }),
    ).toBe("x?: string[] /* at least 1 item; unique; each at most 9 characters */");
    expect(propertyOf({ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1, multipleOf: 0.1 })).toBe(
      "x?: number /* > 0; < 1; multiple of 0.1 */",
    );
    expect(
      propertyOf({ type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
    ).toBe("x?: number");
  });

  test("a description cannot leave its comment", () => {
    const text = propertyOf({
      type: "string",
      description: "ends */ here; steal(all) \u0000\u202e//* /\n now",
    });
    expect(text).toBe("x?: string /* ends * / here; steal(all) //* / now */");
  });

  test("a wide or deep type is cut, and says by how much; required ones stay", () => {
    const schema = { ...wide(300), required: ["property_299"] };
    const cut = signature(schema);
    expect(cut.length).toBeLessThan(1_000);
    expect(cut).toMatch(/\/\* … \d+ more properties \*\//u);
    expect(cut).toContain("property_299: string");
    const deep = signature({ type: "object", properties: { a: wide(40, wide(40)) } });
    expect(deep).toContain("{ /* … 40 properties */ }");
    expect(deep).toContain("more properties */");
  });

  test("a schema that unfolds without end is cut in no time", () => {
    const $defs: JsonObject = { n0: { type: "string" } };
    for (let level = 1; level < 60; level++) {
      const $ref = `#/$defs/n${level - 1}`;
      $defs[`n${level}`] = { type: "object", properties: { left: { $ref }, right: { $ref } } };
    }
    const tool = catalogued({
      name: "t",
      inputSchema: { type: "object", properties: { tree: { $ref: "#/$defs/n59" } }, $defs },
    });
    const { signatures, types } = toolSignatures([tool]);
    expect([...signatures, ...types].join().length).toBeLessThan(1_000);
    expect([...signatures, ...types].join()).toContain("properties */ }");
    expect(toolDeclaration(tool).length).toBeLessThan(9_000);
  });

  test("many values of an enum are cut with a type that still allows the others", () => {
    const values = Array.from({ length: 250 }, (_, index) => `value-${index}`);
    const cut = signature({ type: "object", properties: { v: { enum: values } } });
    expect(cut).toMatch(/"value-0" \| .* \| string \/\* … 1\d\d more \*\/ \}/u);
  });

  test("a property whose name is too long to show does not break the rest", () => {
    expect(signature({ type: "object", properties: { ["n".repeat(5_000)]: {} } })).toBe(
      "s.t(args?: unknown /* … too large to show */): Promise<unknown>",
    );
  });
});

describe("signatures together", () => {
  const entity: JsonObject = {
    type: "object",
    properties: {
      entityName: { type: "string" },
      entityType: { type: "string" },
      observations: { type: "array", items: { type: "string" } },
      score: { type: "number" },
    },
    required: ["entityName", "entityType"],
  };
  const outputSchema: JsonObject = {
    type: "object",
    properties: { entities: { type: "array", items: entity } },
  };
  const tools = cataloguedAll([
    { name: "read", inputSchema: { type: "object" }, outputSchema },
    { name: "write", inputSchema: { type: "object", properties: { entity } }, outputSchema },
  ]);

  test("print a long type of several once, and refer to it", () => {
    const { signatures, types } = toolSignatures(tools);
    expect(types).toEqual([
      "type WriteResult = { entities?: Entity[] }",
      "type Entity = { entityName: string; entityType: string; observations?: string[]; score?: number }",
    ]);
    expect(signatures.join("\n").match(/observations/gu)).toBeNull();
    expect(signatures[1]).toContain("args?: { entity?: Entity }");
  });

  test("a single use is printed in place", () => {
    const { signatures, types } = toolSignatures([tools[0]!]);
    expect(types).toEqual([]);
    expect(signatures[0]).toContain("entities?: { entityName: string;");
  });

  test("recursive types of one name and shape are one, of different shapes two", () => {
    const tree = (value: string): JsonObject => ({
      $ref: "#/$defs/node",
      $defs: {
        node: { type: "object", properties: { value: { type: value }, next: { $ref: "#/$defs/node" } } },
      },
    });
    const tool = (name: string, value: string) => ({
      name,
      inputSchema: { type: "object" },
      outputSchema: tree(value),
    });
    const { signatures, types } = toolSignatures(
      cataloguedAll([tool("a", "string"), tool("b", "string"), tool("c", "number")]),
    );
    expect(signatures).toEqual(["s.a(): Promise<Node>", "s.b(): Promise<Node>", "s.c(): Promise<Node2>"]);
    expect(types).toEqual([
      "type Node = { value?: string; next?: Node }",
      "type Node2 = { value?: number; next?: Node2 }",
    ]);
  });
});
