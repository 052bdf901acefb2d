import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { RESPONSE_SCHEMA, ResponseEnvelopeSchema, type ResponseEnvelope } from "../src/envelope.ts";
import { ERROR_CODES } from "../src/error-codes.ts";
import type { JsonObject } from "../src/json.ts";
import { responseJsonSchema } from "../src/response-schema.ts";

const published = JSON.parse(
  readFileSync(new URL("../schema/response-v2.json", import.meta.url), "utf8"),
) as JsonObject;
const fits = new Ajv2020({ strict: true }).compile(published);

const metadata = { tokens_used: 12, execution_time_ms: 3.5, cache_hit: false, mode: "hybrid" } as const;
const success: ResponseEnvelope = {
  jsonrpc: "2.0",
  result: { status: "success", data: { list: [1, "a", null, { deep: true }] }, metadata },
  schema: RESPONSE_SCHEMA,
};
const failure = (code: number, data?: JsonObject): object => ({
  jsonrpc: "2.0",
  error: { code, message: "No.", ...(data && { data }) },
  schema: RESPONSE_SCHEMA,
});

test("what is published is what is checked; `npm run schemas` writes it", () => {
  expect(published).toEqual(responseJsonSchema());
  expect(published["$id"]).toBe(RESPONSE_SCHEMA);
  expect(RESPONSE_SCHEMA).toMatch(/\/response\/v2$/);
});

describe("an envelope fits the published schema as it fits ours", () => {
  test.each<[string, boolean, unknown]>([
    ["a value", true, success],
    ["nothing", true, { ...success, result: { ...success.result, data: null } }],
    [
      "all metadata",
      true,
      {
        ...success,
        result: { ...success.result, metadata: { ...metadata, route: "fallback", run_id: "r_1" } },
      },
    ],
    ...Object.entries(ERROR_CODES).map(
      ([code, { status }]) =>
        [code, true, failure(status, { code, retryAfterMs: 5 })] as [string, boolean, unknown],
    ),
    ["an error without data", true, failure(400)],
    ["a status that is none", false, failure(200)],
    ["an error without words", false, { ...failure(400), error: { code: 400, message: "" } }],
    ["both", false, { ...success, ...failure(400) }],
    ["neither", false, { jsonrpc: "2.0", schema: RESPONSE_SCHEMA }],
    ["no value", false, { ...success, result: { status: "success", metadata } }],
    [
      "negative tokens",
      false,
      { ...success, result: { ...success.result, metadata: { ...metadata, tokens_used: -1 } } },
    ],
    [
      "an unknown mode",
      false,
      { ...success, result: { ...success.result, metadata: { ...metadata, mode: "x" } } },
    ],
    [
      "unknown metadata",
      false,
      { ...success, result: { ...success.result, metadata: { ...metadata, x: 1 } } },
    ],
    ["another version", false, { ...success, schema: "https://mcp-optimizer.dev/schemas/response/v1" }],
  ])("%s", (_, good, envelope) => {
    expect({ published: fits(envelope), ours: ResponseEnvelopeSchema.safeParse(envelope).success }).toEqual({
      published: good,
      ours: good,
    });
  });
});
