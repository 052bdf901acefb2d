import type { ContentBlock, JsonValue } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { moreContent } from "../../src/result/more-content.ts";

const text = (value: string): ContentBlock => ({ type: "text", text: value });

test.each<[string, JsonValue | undefined, ContentBlock[], unknown]>([
  ["no structured content", undefined, [text("x")], undefined],
  ["the same as JSON", { a: 1, b: [2] }, [text('{ "b": [2], "a": 1 }')], undefined],
  ["the text that is its content", { content: "file\ntext" }, [text("file\ntext")], undefined],
  ["what is in its wrapper, as JSON", { result: [1, 2] }, [text("[1,2]")], undefined],
  [
    "an item of its list in each block",
    { result: [{ a: 1 }, { a: 2 }] },
    [text('{"a":1}'), text('{"a":2}')],
    undefined,
  ],
  ["an item of its list in each block, as text", { result: ["x", "y"] }, [text("x"), text("y")], undefined],
  ["the texts of its list", { lines: ["x", "y"] }, [text("x\ny")], undefined],
  [
    "the same bytes",
    { content: [{ data: "AAAA" }] },
    [{ type: "resource", resource: { uri: "x:1", mimeType: "a/b", blob: "AAAA" } }],
    undefined,
  ],
  ["an empty text", { a: 1 }, [text(" ")], undefined],
  ["other words", { a: 1 }, [text("one")], { value: "one", telling: false }],
  ["a long text", { a: 1 }, [text("a is one, because")], { value: "a is one, because", telling: true }],
  [
    "an image",
    { a: 1 },
    [text('{"a":1}'), { type: "image", mimeType: "image/png", data: "AAAA" }],
    { value: { type: "image", mimeType: "image/png", bytes: 3, handle: "kept" }, telling: true },
  ],
])("structured content beside %s", async (_, structuredContent, content, expected) => {
  const result = { content, ...(structuredContent !== undefined && { structuredContent }) };
  const size = JSON.stringify(structuredContent ?? null).length;
  expect(await moreContent(result, size, async () => "kept")).toEqual(expected);
});

test("a long list with an item in each block is the same", async () => {
  const items = Array.from({ length: 5_000 }, (_, a) => ({ a }));
  const content = items.map((item) => text(JSON.stringify(item)));
  expect(await moreContent({ structuredContent: { items }, content }, 0, async () => "kept")).toBeUndefined();
});

test("many blocks beside many items are told apart in bounded time, and none is lost", async () => {
  const items = Array.from({ length: 20_000 }, (_, a) => ({ a, x: "x".repeat(100) }));
  const others = Array.from({ length: 400 }, () => text('{"b":1}'));
  const bytes = Array.from({ length: 400 }, () => ({ type: "audio", mimeType: "audio/wav", data: "AAAA" }));
  const before = process.threadCpuUsage();
  const more = await moreContent(
    { structuredContent: { items }, content: [...others, ...bytes] },
    0,
    async () => "kept",
  );
  expect(more?.value).toHaveLength(800);
  expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(1_000);
});
