import { expect, test } from "vitest";
import { loadO200kTokenCounter } from "../../src/tokens/o200k-token-counter.ts";

const counter = await loadO200kTokenCounter();
const count = (text: string): number => counter.count(text);

test.each([
  ["/\n", 50_000],
  ["!\n/", 30_000],
  ["\r\n/", 30_000],
  ["a", 100_000],
  ["!", 100_000],
  [" ", 100_000],
])("a long run of %j is counted in the time of a test", (unit, times) => {
  expect(count(unit.repeat(times))).toBeGreaterThan(0);
});

test("a run of moderate length is counted as it is", () => {
  expect(count("/\n".repeat(100))).toBe(100);
});
