import type { ToolResult } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { resultContent } from "../../src/ledger/result-content.ts";

const text = { type: "text", text: "three rows" };
const link = { type: "resource_link", uri: "file:///a", name: "a" };
const resource = { type: "resource", resource: { uri: "file:///a", text: "inside" } };

test.each<[string, ToolResult, ReturnType<typeof resultContent>]>([
  [
    "text, and not the structured content beside it",
    { content: [text], structuredContent: { rows: [1, 2, 3] } },
    { texts: ["three rows"], media: 0 },
  ],
  [
    "structured content where there is nothing else",
    { content: [], structuredContent: [1] },
    { texts: [], value: [1], media: 0 },
  ],
  [
    "texts of resources, and links and unknown blocks as their JSON",
    { content: [resource, link, { type: "hologram" }] },
    { texts: ["inside", JSON.stringify(link), '{"type":"hologram"}'], media: 0 },
  ],
  [
    "no image, audio or bytes",
    {
      content: [
        { type: "image", data: "aGk=" },
        { type: "audio", data: "aGk=" },
        { type: "resource", resource: { blob: "aGk=" } },
        text,
      ],
    },
    { texts: ["three rows"], media: 3 },
  ],
  ["nothing of a result without anything", { content: [] }, { texts: [], media: 0 }],
])("before a model stands %s", (_, result, expected) => {
  expect(resultContent(result)).toEqual(expected);
});
