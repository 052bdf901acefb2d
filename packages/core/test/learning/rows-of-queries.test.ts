import type { ToolDefinition, ToolResult } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { acceptsResult, learnResult } from "../../src/learning/learn-result.ts";
import { takesSql } from "../../src/learning/rows-of-queries.ts";

const tool = (name: string, description: string): ToolDefinition => ({
  name: "query",
  description,
  inputSchema: { type: "object", properties: { [name]: { type: "string" } } },
});
const rows = (value: unknown): ToolResult => ({ content: [{ type: "text", text: JSON.stringify(value) }] });

test("a tool takes SQL where it says so", () => {
  expect(takesSql(tool("sql", "Runs a statement"))).toBe(true);
  expect(takesSql(tool("query", "Execute a SELECT query"))).toBe(true);
  expect(takesSql(tool("query", "Search issues"))).toBe(false);
  expect(takesSql(tool("name", "Tables of an SQL database"))).toBe(false);
});

test.each([
  ["at the top", (list: unknown[]) => list],
  ["below", (list: unknown[]) => ({ ok: true, data: { rows: list } })],
])("rows %s fit the answers to other queries", async (_, wrapped) => {
  const learned = await learnResult(tool("sql", "Runs SQL"), rows(wrapped([{ city: "Berlin", count: 3 }])));
  expect(await acceptsResult(learned, rows(wrapped([{ month: "2026-01", total: null }])))).toBe(true);
  expect(await acceptsResult(learned, rows(wrapped([])))).toBe(true);
  expect(await acceptsResult(learned, rows(wrapped(["a row that is none"])))).toBe(false);
});

test("rows of another tool keep their columns", async () => {
  const learned = await learnResult(tool("query", "Search issues"), rows([{ city: "Berlin", count: 3 }]));
  expect(await acceptsResult(learned, rows([{ month: "2026-01" }]))).toBe(false);
});
