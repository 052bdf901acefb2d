import type { JsonObject } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { headersOfCall, refusedHeaders } from "../../src/remote/param-headers.ts";

const tool = (properties: JsonObject, more: JsonObject = {}) => ({
  name: "it",
  inputSchema: { type: "object", properties, ...more },
});

test("declared parameters go into headers, encoded where they must be", () => {
  const it = tool({
    region: { type: "string", "x-mcp-header": "Region" },
    n: { type: "integer", "x-mcp-header": "N" },
    dry: { type: "boolean", "x-mcp-header": "Dry" },
    deep: { type: "object", properties: { id: { type: "string", "x-mcp-header": "Deep-Id" } } },
    other: { type: "string" },
    absent: { type: "string", "x-mcp-header": "Absent" },
  });
  expect(headersOfCall(it, { region: "eu", n: 3, dry: false, deep: { id: " ü" }, other: "x" })).toEqual({
    "Mcp-Param-Region": "eu",
    "Mcp-Param-N": "3",
    "Mcp-Param-Dry": "false",
    "Mcp-Param-Deep-Id": "=?base64?IMO8?=",
  });
  expect(headersOfCall(it, { region: { not: "simple" }, n: null })).toEqual({});
  expect(headersOfCall(it, { region: "a\r\nEvil: 1" })).toEqual({
    "Mcp-Param-Region": "=?base64?YQ0KRXZpbDogMQ==?=",
  });
});

test.each([
  ["a name that is none", tool({ a: { type: "string", "x-mcp-header": "a b" } })],
  ["no name", tool({ a: { type: "string", "x-mcp-header": 1 } })],
  ["a number", tool({ a: { type: "number", "x-mcp-header": "A" } })],
  ["twice", tool({ a: { type: "string", "x-mcp-header": "A" }, b: { type: "string", "x-mcp-header": "a" } })],
  ["in a list", tool({ a: { type: "array", items: { type: "string", "x-mcp-header": "A" } } })],
  ["in a definition", tool({}, { $defs: { a: { type: "string", "x-mcp-header": "A" } } })],
  ["in a choice", tool({}, { anyOf: [{ properties: { a: { type: "string", "x-mcp-header": "A" } } }] })],
  ["at the root", tool({}, { "x-mcp-header": "A" })],
])("refused: %s", (_name, it) => {
  expect(refusedHeaders(it)).toMatch(/x-mcp-header/);
});

test("a tool without declarations is fine", () => {
  expect(refusedHeaders(tool({ "x-mcp-header": { type: "string" } }))).toBeUndefined();
});
