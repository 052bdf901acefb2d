import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import type { CatalogueTool } from "../../src/catalogue/catalogue.ts";
import { checkValue } from "../../src/check/check-value.ts";
import { checkableSchema } from "../../src/run/checkable-schema.ts";
import { createArgumentCheck } from "../../src/run/check-arguments.ts";
import type { KnownValue } from "../../src/trace/program-trace.ts";
import { hasCorpus, readCorpus } from "../read-corpus.ts";

/** A value all of which is known. */
function known(value: JsonValue): KnownValue {
  if (Array.isArray(value)) return { kind: "array", items: value.map(known), open: false };
  if (typeof value !== "object" || value === null) return { kind: "literal", value };
  const properties = Object.entries(value).map(([name, own]) => [name, known(own ?? null)] as const);
  return { kind: "object", properties, open: false };
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Values that fit a schema more or less. */
function valuesLike(schema: JsonValue | undefined, depth = 0): fc.Arbitrary<JsonValue> {
  const any = fc.constantFrom<JsonValue>("text", "", 3, 1.5, -1, true, false, null, [], {}, ["a"], { a: 1 });
  if (!isObject(schema) || depth > 4) return any;
  const own: fc.Arbitrary<JsonValue>[] = [any];
  if (Array.isArray(schema["enum"])) own.push(fc.constantFrom(...schema["enum"]));
  const { properties, items } = schema;
  if (isObject(properties)) {
    const parts = Object.entries(properties).map(([name, part]) => [name, valuesLike(part, depth + 1)]);
    const likely = fc.record(Object.fromEntries(parts) as Record<string, fc.Arbitrary<JsonValue>>, {
      requiredKeys: [],
    });
    own.push(likely, likely, likely, fc.record({ ofNobody: any }));
  }
  if (isObject(items)) own.push(fc.array(valuesLike(items, depth + 1), { maxLength: 3 }));
  return fc.oneof(...own);
}

const checkArguments = createArgumentCheck();
const agrees = (tool: CatalogueTool, args: JsonObject): void => {
  const before = checkValue(known(args), tool.definition.inputSchema, "");
  if (before.length === 0) return;
  const atCall = checkArguments(tool, args);
  expect(atCall, `${tool.path} ${JSON.stringify(args)}: ${before.join("; ")}`).not.toEqual([]);
};

test.skipIf(!hasCorpus)(
  "what is wrong before a run is refused in it, for tools of real servers (skipped without ../shared/corpus)",
  () => {
    // A schema that is too large is left to the server, and values for a large one take long to make.
    const tools = new Map(
      readCorpus()
        .tools.filter(({ definition: { inputSchema } }) => JSON.stringify(inputSchema).length < 4_000)
        .filter(({ definition }) => checkableSchema(definition.inputSchema) !== undefined)
        .map((tool) => [tool.path, tool]),
    );
    const call = fc.constantFrom(...tools.keys()).chain((path) =>
      fc.record({
        path: fc.constant(path),
        args: valuesLike(tools.get(path)!.definition.inputSchema),
      }),
    );
    fc.assert(
      fc.property(call, ({ path, args }) => {
        if (isObject(args)) agrees(tools.get(path)!, args);
      }),
      { numRuns: 400 },
    );
  },
  60_000,
);

const SCHEMAS: readonly JsonObject[] = [
  { type: "object", properties: { a: { type: "string", nullable: true } } },
  { type: "object", properties: { a: { type: ["integer", "null"] } }, required: ["a"] },
  {
    type: "object",
    properties: { a: { type: "array", prefixItems: [{ type: "string" }], items: { type: "number" } } },
  },
  { type: "object", properties: { a: { type: "object", properties: { b: { type: "string" } } } } },
  {
    type: "object",
    properties: { a: { type: "object", properties: { b: {} }, additionalProperties: false } },
  },
  { type: "object", properties: { a: {} }, unevaluatedProperties: true },
  {
    type: "object",
    properties: { a: { enum: ["x", 1, null, [1]] } },
    additionalProperties: { type: "string" },
  },
  { type: "object", properties: { a: { const: { b: 1 } } }, patternProperties: { "^x": {} } },
  { properties: { a: { type: "number", $ref: "#/$defs/b" } }, $defs: { b: { type: "string" } } },
  { type: "object", properties: { a: { items: { type: "string" } } } },
  { type: "object", properties: {}, required: ["b"] },
];

test.each(SCHEMAS.map((schema) => [JSON.stringify(schema), schema] as const))(
  "so it is with %s",
  (_text, schema) => {
    const [tool] = buildCatalogue([
      {
        name: "own",
        status: { state: "ready" },
        tools: [{ name: "tool", inputSchema: schema }],
      },
    ]).tools;
    const value = fc.oneof(valuesLike(schema), fc.record({ a: fc.jsonValue() }), fc.object());
    fc.assert(
      fc.property(value, (args) => {
        if (isObject(args as JsonValue)) agrees(tool!, args as JsonObject);
      }),
      { numRuns: 100 },
    );
  },
);
