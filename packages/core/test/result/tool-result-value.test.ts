import { expect, test } from "vitest";
import type { ToolResult } from "@mcp-optimizer/contracts";
import { toolResultText, toolResultValue } from "../../src/result/tool-result-value.ts";

const value = (result: ToolResult) =>
  toolResultValue(result, async (mimeType, base64) => `${mimeType} ${base64.length}`);
const text = (...texts: string[]): ToolResult => ({ content: texts.map((text) => ({ type: "text", text })) });

test.each<[string, ToolResult, unknown]>([
  ["structured content before its text", { ...text('{"a":2}'), structuredContent: { a: 1 } }, { a: 1 }],
  ["structured content that is null", { ...text("x"), structuredContent: null }, null],
  ["a JSON object", text('{"a": [1]}'), { a: [1] }],
  ["a JSON list with space around", text(" \n[1, 2]\n"), [1, 2]],
  ["text that only begins like JSON", text("[FILE] a.txt"), "[FILE] a.txt"],
  ["a number stays text: it may be an id", text("007"), "007"],
  ["a word stays text", text("true"), "true"],
  ["several blocks", text("a", '{"b":1}'), ["a", { b: 1 }]],
  ["no block", text(), null],
  [
    "an image",
    { content: [{ type: "image", mimeType: "image/png", data: "AAAA" }] },
    { type: "image", mimeType: "image/png", bytes: 3, handle: "image/png 4" },
  ],
  [
    "a binary resource",
    { content: [{ type: "resource", resource: { uri: "x:1", mimeType: "a/b", blob: "AAA=" } }] },
    { uri: "x:1", type: "resource", mimeType: "a/b", bytes: 2, handle: "a/b 4" },
  ],
  [
    "a text resource",
    { content: [{ type: "resource", resource: { uri: "x:1", text: "t" } }] },
    { uri: "x:1", text: "t" },
  ],
  ["a kind that is not known", { content: [{ type: "hologram", depth: 3 }] }, { type: "hologram", depth: 3 }],
])("%s", async (_, result, expected) => {
  expect(await value(result)).toEqual(expected);
});

test("the text of a result is bounded", () => {
  expect(toolResultText(text("a", "b"), 10)).toBe("a\nb");
  expect(toolResultText(text("x".repeat(100)), 10)).toBe(`${"x".repeat(10)}… (100 characters)`);
});
