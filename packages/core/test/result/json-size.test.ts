import type { JsonObject } from "@mcp-optimizer/contracts";
import { expect, test, vi } from "vitest";
import { jsonSize } from "../../src/result/json-size.ts";

test.each([[{ a: [1, "é\n", null], b: { c: true } }], [[]], [{}], ["x"], [[[], {}]]])(
  "of %j is that of its JSON",
  (value) => {
    expect(jsonSize(value)).toBe(JSON.stringify(value).length);
  },
);

test("an object of many keys is not gone through once it is too large", () => {
  const read = vi.fn<() => number>(() => 1);
  const value: JsonObject = {};
  for (let key = 0; key < 1_000; key += 1)
    Object.defineProperty(value, `k${key}`, { get: read, enumerable: true });
  expect(jsonSize(value, 1_100)).toBeGreaterThan(1_100);
  expect(read.mock.calls.length).toBeLessThan(50);
});
