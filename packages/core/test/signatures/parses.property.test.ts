import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toolDeclaration } from "../../src/signatures/tool-declaration.ts";
import { toolSignatures } from "../../src/signatures/tool-signatures.ts";
import { asSource, expectOnlyTypes } from "./parses.ts";
import { cataloguedAll } from "./type-of.ts";

const nasty = fc.constantFrom(
  "*/",
  "/*",
  "//",
  "`",
  "${x}",
  "\n",
  "\r\n",
  "\u2028",
  "\0",
  "\u202e",
  "'",
  '"',
  "\\",
  "<",
  ">",
  "}",
  "{",
  "a-b",
  "type",
  "__proto__",
  "…",
  "\ud800",
);
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.array(fc.nat(0xffff), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
  fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join("")),
);
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(text, scalar, { maxKeys: 3 }),
);
const reference = fc.constantFrom(
  "#",
  "#/$defs/a",
  "#/$defs/b",
  "#/definitions/a",
  "#anchor",
  "#/nothing",
  "https://example.com/*/",
  "#/%E0%A4%A",
  "",
);

const { schema } = fc.letrec<{ schema: JsonValue }>((tie) => {
  const inner = tie("schema");
  const map = fc.dictionary(text, inner, { maxKeys: 4 });
  const optional = <T>(arbitrary: fc.Arbitrary<T>, weight = 3) =>
    fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
  const type = fc.constantFrom(
    "string",
    "number",
    "integer",
    "boolean",
    "null",
    "array",
    "object",
    "nonsense",
  );
  return {
    schema: fc.oneof(
      { maxDepth: 6 },
      fc.boolean(),
      fc
        .record({
          type: optional(fc.oneof(type, fc.array(type, { maxLength: 3 }))),
          description: optional(text),
          title: optional(text),
          default: optional(value),
          const: optional(value, 12),
          enum: optional(fc.array(value, { maxLength: 15 }), 12),
          format: optional(text),
          pattern: optional(text),
          minimum: optional(fc.double()),
          minItems: optional(fc.nat(5)),
          properties: optional(map),
          required: optional(fc.array(text, { maxLength: 3 })),
          additionalProperties: optional(inner),
          patternProperties: optional(map),
          items: optional(fc.oneof(inner, fc.array(inner, { maxLength: 3 }))),
          prefixItems: optional(fc.array(inner, { maxLength: 3 })),
          anyOf: optional(fc.array(inner, { maxLength: 3 })),
          oneOf: optional(fc.array(inner, { maxLength: 3 })),
          allOf: optional(fc.array(inner, { maxLength: 3 })),
          not: optional(inner),
          nullable: optional(fc.boolean()),
          $ref: optional(reference),
          $dynamicRef: optional(reference),
          $anchor: optional(fc.constant("anchor")),
          $defs: optional(fc.record({ a: inner, b: inner })),
          definitions: optional(fc.record({ a: inner })),
        })
        .map((part) => part as JsonValue),
    ),
  };
});
const objectSchema = schema.filter((part): part is JsonObject => typeof part === "object");

describe("whatever the schema", () => {
  test("signatures and declarations are TypeScript, and nothing but types", () => {
    const listing = fc.tuple(objectSchema, objectSchema, text);
    fc.assert(
      fc.property(
        fc.array(listing, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 30, max: 900 }),
        (listings, args) => {
          const tools = cataloguedAll(
            listings.map(([inputSchema, outputSchema, description], index) => ({
              name: `t${index}`,
              description,
              inputSchema,
              outputSchema,
            })),
          );
          const { signatures, types } = toolSignatures(tools, { args, result: args });
          for (const line of [...signatures, ...types]) expect(line).not.toMatch(/[\r\n\u2028\u2029]/u);
          expectOnlyTypes(asSource(signatures, types));
          for (const tool of tools) {
            const declaration = toolDeclaration(tool, { args: args * 4, result: args * 4 });
            const at = declaration.search(/^(?:\/\*\*|s\.t)/mu);
            expectOnlyTypes(asSource([declaration.slice(at)], [declaration.slice(0, at)]));
          }
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? 400) },
    );
  });
});
