import type { JsonValue, ResultVault } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keepResult } from "../../src/vault/keep-result.ts";
import { jsonTextSteps } from "../../src/vault/json-text-steps.ts";
import { parseJsonSteps } from "../../src/vault/parse-json-steps.ts";
import { openVault } from "./open-vault.ts";

const done = <Value>(steps: Generator<void, Value, void>): Value => {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
};
const text = fc.string({ unit: "binary", maxLength: 20 });
const anyJson = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constantFrom("\ud800", " x\r\n", "\uFEFF", "null", "[1]"),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(
        fc.tuple(fc.oneof(text, fc.constantFrom("__proto__", "constructor", "toJSON", "")), tie("value")),
      )
      .map(
        (entries) =>
          JSON.parse(
            `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`,
          ) as JsonValue,
      ),
  ),
})).value;

test("a handle gives back exactly what was stored, and the same of the same servers has the same handle", async () => {
  const { keep, call } = openVault();
  await fc.assert(
    fc.asyncProperty(anyJson, async (value) => {
      const copy = JSON.parse(JSON.stringify(value)) as JsonValue;
      const handle = await keep(value, "x");
      expect(JSON.stringify(await call("vault.open", handle))).toBe(JSON.stringify(copy));
      expect(await keep(copy, "x")).toBe(handle);
      expect(await keep(copy, "y")).not.toBe(handle);
    }),
    { numRuns: 200 },
  );
});

test("large values are written and read in steps as JSON.stringify and JSON.parse do", () => {
  fc.assert(
    fc.property(anyJson, fc.integer({ min: 1, max: 100 }), (value, atOnce) => {
      const written = done(jsonTextSteps(value, atOnce));
      expect(written).toBe(JSON.stringify(value));
      expect(JSON.stringify(done(parseJsonSteps(written, atOnce)))).toBe(written);
    }),
    { numRuns: 500 },
  );
});

test("what cannot be kept costs the handle, not the call", async () => {
  const logged: string[] = [];
  const broken: ResultVault = {
    put: () => Promise.reject(new Error("the store is away")),
    get: () => Promise.resolve(undefined),
  };
  const parts = { vault: broken, log: ({ message }: { message: string }) => void logged.push(message) };
  expect(await keepResult(parts, "a", ["mail"], { x: 1 })).toBeUndefined();
  let deep: JsonValue = 1;
  for (let level = 0; level < 20_000; level += 1) deep = [deep];
  expect(await keepResult({ ...parts, vault: openVault().vault }, "a", ["mail"], deep)).toBeUndefined();
  expect(logged).toEqual([expect.stringContaining("mail"), expect.stringContaining("mail")]);
});
