import type { JsonObject, JsonValue, ToolDefinition } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { createCountingQueue } from "../../src/ledger/counting-queue.ts";
import type { TextTokens } from "../../src/ledger/held-text.ts";
import { createListCounter } from "../../src/ledger/list-amounts.ts";
import { createTextCounting } from "../../src/ledger/text-counting.ts";

const counter = { encoding: "characters", count: (text: string) => text.length };
/** JSON of this depth can be read and not written. */
const nested = (depth: number): JsonValue => JSON.parse("[".repeat(depth) + "]".repeat(depth)) as JsonValue;

test.each([9_500, 50_000])(
  "a value nested %i deep is estimated, and what comes behind it is counted",
  async (depth) => {
    const queue = createCountingQueue();
    const count = createTextCounting(counter, queue);
    const told: TextTokens[] = [];
    count({ texts: [], value: nested(depth) }, (tokens) => void told.push(tokens));
    count({ texts: ["four"] }, (tokens) => void told.push(tokens));
    await queue.drained();
    expect(told).toEqual([
      { tokens: depth / 2, estimated: depth / 2 },
      { tokens: 4, estimated: 0 },
    ]);
  },
);

test("a definition nested too deeply is estimated", () => {
  const inputSchema = { type: "object", default: nested(50_000) } as unknown as JsonObject;
  const tool = { name: "deep", inputSchema } as unknown as ToolDefinition;
  const lists = createListCounter(counter);
  lists.count(tool);
  const amounts = lists.amounts([], [{ name: "server", tools: [tool] }]);
  const of = (part: string) => amounts.find((amount) => amount.part === part)!;
  expect(of("definitions").estimated).toBeGreaterThan(25_000);
  expect(of("definitions").estimated).toBe(of("definitions").tokens);
  expect(of("list").estimated).toBe(0);
});
