import { readFile } from "node:fs/promises";
import type { JsonObject } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { openEngine } from "./open-engine.ts";

const PAGE = new URL("../../../docs/how-to/work-with-results.md", import.meta.url);
const LOG = Array.from(
  { length: 2_000 },
  (_, line) => `12:00:00 GET /items ${line % 500 === 9 ? 503 : 200}`,
).join("\n");
const ORDERS = Array.from({ length: 500 }, (_, id) => ({
  id,
  total: id % 100,
  state: id % 2 === 0 ? "open" : "paid",
}));

test("the programs of docs/how-to/work-with-results.md do what it says", async () => {
  const snippets = [...(await readFile(PAGE, "utf8")).matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);
  const { optimizer } = await openEngine({
    servers: {
      logs: [{ name: "read", answer: () => LOG }],
      shop: [{ name: "orders", answer: () => ORDERS }],
      camera: [
        {
          name: "shot",
          answer: () => null,
          result: { content: [{ type: "image", mimeType: "image/png", data: "iVBORw0KGgo=" }] },
        },
      ],
    },
  });
  let handle = "";
  const seen: unknown[] = [];
  for (const snippet of snippets) {
    const { content, isError } = await optimizer.callTool("run_code", {
      code: snippet.replace("h_…", handle),
    });
    const answer = JSON.parse(content[0]!["text"] as string) as JsonObject;
    expect([snippet, isError]).toEqual([snippet, undefined]);
    const { calls } = await optimizer.run({ code: "await logs.read({}); await shop.orders({})" });
    handle = calls[snippet.includes("orders({})") ? 1 : 0]!.handle!;
    seen.push(answer["value"], ...content.slice(1).map(({ type }) => type));
  }
  expect(seen).toEqual([
    expect.stringContaining("12:00:00 GET /items 200"),
    [
      "12:00:00 GET /items 200",
      [
        { line: 10, text: expect.stringMatching(/503$/) as string },
        { line: 510, text: expect.any(String) as string },
        { partial: expect.any(String) as string },
      ],
    ],
    500,
    ORDERS.filter(({ total, state }) => total > 90 && state === "open").map(({ id }) => id),
    expect.objectContaining({ shown: "resource" }),
    "image",
    "resource",
  ]);
});
