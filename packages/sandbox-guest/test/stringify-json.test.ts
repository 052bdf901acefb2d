import type { JsonValue } from "@mcp-optimizer/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringifyJson, TextTooLong } from "../src/stringify-json.ts";

test("text is that of JSON.stringify, small or large", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(1, 40_000), async (part, times) => {
      const value: JsonValue =
        times === 1 ? part : [part, Array.from({ length: times }, () => [part]), { part }];
      expect(await stringifyJson(value)).toBe(JSON.stringify(value));
    }),
    { numRuns: 30 },
  );
});

test("a large value is written in turns of the event loop", async () => {
  const value = {
    rows: Array.from({ length: 200_000 }, (_, id) => ({ id, skipped: undefined, name: `row ${id}` })),
  };
  let turns = 0;
  const counter = setInterval(() => turns++, 0);
  const text = await stringifyJson(value);
  clearInterval(counter);
  expect(turns).toBeGreaterThan(3);
  expect(text).toBe(JSON.stringify(value));
});

test("a long string is written in parts, and one over the limit not at all", async () => {
  for (const part of ["x", "🎈", "a🎈", "\ud800", '"\n']) {
    const value = { text: part.repeat(200_000), list: [part.repeat(70_001)] };
    expect(await stringifyJson(value)).toBe(JSON.stringify(value));
  }
  const text = "x".repeat(1_000_000);
  await expect(stringifyJson(text, 999_999)).rejects.toThrow(TextTooLong);
  await expect(stringifyJson([text, text], 1_500_000)).rejects.toThrow(TextTooLong);
});
