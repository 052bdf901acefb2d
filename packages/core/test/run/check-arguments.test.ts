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

test("a hundred thousand wrong items give a few problems", () => {
  const problems = check(
    { properties: { list: { type: "array", items: { type: "string" } } } },
    { list: Array.from({ length: 100_000 }, () => 1) },
  );
  expect(problems).toEqual(["list.0 must be string"]);
});
