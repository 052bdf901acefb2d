import type { JsonObject } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import { createArgumentCheck } from "../../src/run/check-arguments.ts";

const check = (inputSchema: JsonObject, args: JsonObject): string[] => {
  const tools = [{ name: "tool", inputSchema: { type: "object", ...inputSchema } }];
  const [tool] = buildCatalogue([{ name: "server", status: { state: "ready" }, tools }]).tools;
  return createArgumentCheck()(tool!, args);
};

const properties = {
  maxCount: { type: "integer", minimum: 1, maximum: 100 },
  path: { type: "string" },
  mode: { enum: ["a", "b"] },
};

test.each<[string, JsonObject, JsonObject, string[]]>([
  ["right arguments", { properties, required: ["path"] }, { path: "x", maxCount: 5, mode: "a" }, []],
  ["a missing one", { properties, required: ["path"] }, {}, ['missing argument "path"']],
  ["a wrong type", { properties }, { path: 1 }, ["path must be string"]],
  ["a bound", { properties }, { maxCount: 101 }, ["maxCount must be <= 100"]],
  ["an enum", { properties }, { mode: "c" }, ['mode must be one of ["a","b"]']],
  [
    "a mistyped name",
    { properties },
    { max_count: 1 },
    ['unknown argument "max_count", did you mean "maxCount"?'],
  ],
  [
    "a mistyped name, said once",
    { properties, additionalProperties: false },
    { max_count: 1 },
    ['unknown argument "max_count", did you mean "maxCount"?'],
  ],
  ["an unlisted name that is welcome", { properties, additionalProperties: true }, { other: 1 }, []],
  ["a schema that says nothing", {}, { other: 1 }, []],
  [
    "a tool without arguments",
    { properties: {}, additionalProperties: false },
    { other: 1 },
    ['unknown argument "other"; it takes none'],
  ],
  [
    "a reference",
    { properties: { a: { $ref: "#/$defs/A" } }, $defs: { A: { type: "number" } } },
    { a: "x" },
    ["a must be number"],
  ],
  [
    "several at once",
    { properties, required: ["path"] },
    { maxCount: 0, mode: "c" },
    ['missing argument "path"', "maxCount must be >= 1", 'mode must be one of ["a","b"]'],
  ],
  [
    "a remote reference is left to the server",
    { properties: { a: { $ref: "https://example.com/x" } } },
    { a: 1 },
    [],
  ],
  [
    "a pattern is left to the server",
    { properties: { a: { type: "string", pattern: "^(a+)+$" } } },
    { a: `${"a".repeat(60)}!` },
    [],
  ],
  ["a broken pattern too", { properties: { a: { type: "string", pattern: "((" } } }, { a: "x" }, []],
  ["an invalid schema is left to the server", { properties: { a: { type: "nonsense" } } }, { a: 1 }, []],
])("%s", (_, schema, args, problems) => {
  expect(check(schema, args)).toEqual(problems);
});

// What the whole schema accepts is never refused.
test.each<[string, JsonObject, JsonObject]>([
  [
    "names by pattern",
    { properties: { name: { type: "string" } }, patternProperties: { "^x-": { type: "number" } } },
    { name: "s" },
  ],
  [
    "one of several formats",
    {
      properties: {
        a: {
          oneOf: [
            { type: "string", format: "date" },
            { type: "string", format: "date-time" },
          ],
        },
      },
    },
    { a: "2026-01-01" },
  ],
  [
    "one of several patterns",
    { properties: { a: { oneOf: [{ pattern: "^a" }, { pattern: "^b" }] } } },
    { a: "a1" },
  ],
  ["not a pattern", { properties: { a: { type: "string", not: { pattern: "^/" } } } }, { a: "rel" }],
  [
    "if a pattern",
    {
      properties: { a: { type: "string" } },
      if: { properties: { a: { pattern: "^x" } } },
      then: { required: ["b"] },
    },
    { a: "y" },
  ],
  [
    "a schema that holds itself",
    {
      properties: { tree: { $ref: "#/$defs/T" } },
      $defs: { T: { type: "object", properties: { kids: { type: "array", items: { $ref: "#/$defs/T" } } } } },
    },
    { tree: { kids: [{ kids: [] }] } },
  ],
])("accepted: %s", (_, schema, args) => {
  expect(check(schema, args)).toEqual([]);
});

test("a reference is checked where it does not hold itself", () => {
  const $defs = { T: { type: "object", required: ["id"], properties: { id: { type: "number" } } } };
  expect(check({ properties: { t: { $ref: "#/$defs/T" } }, $defs }, { t: { id: "x" } })).toEqual([
    "t.id must be number",
  ]);
});

test("references that branch at every step are given up, not followed", () => {
  const $defs = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `a${i}`,
      { anyOf: [{ $ref: `#/$defs/a${i + 1}` }, { $ref: `#/$defs/a${i + 1}` }] },
    ]),
  );
  expect(check({ properties: { a: { $ref: "#/$defs/a0" } }, $defs }, { a: 1 })).toEqual([]);
});

test("many or long unknown names give a short answer", () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`unknown_argument_${i}`, 1]));
  expect(check({ properties }, many)).toHaveLength(5);
  expect(check({ properties }, { ["y".repeat(100_000)]: 1 }).join().length).toBeLessThan(400);
});

test("a hundred thousand wrong items are left to the server", () => {
  const problems = check(
    { properties: { list: { type: "array", items: { type: "string" } } } },
    { list: Array.from({ length: 100_000 }, () => 1) },
  );
  expect(problems).toEqual([]);
});

test("of many wrong items the first is named", () => {
  const schema = { properties: { list: { type: "array", items: { type: "string" } } } };
  expect(check(schema, { list: Array.from({ length: 10_000 }, () => 1) })).toEqual(["list.0 must be string"]);
});
