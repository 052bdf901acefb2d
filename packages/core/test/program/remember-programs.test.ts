import { expect, test } from "vitest";
import type { PreparedProgram } from "../../src/program/prepare-program.ts";
import { rememberPrograms } from "../../src/program/remember-programs.ts";

const counted = (size?: number) => {
  const prepared: string[] = [];
  const remembered = rememberPrograms(async (text) => {
    prepared.push(text);
    if (text === "bad") throw new Error("bad program");
    const trace = { uses: [], reads: [], unawaited: [], parameters: [], freeNames: [], escapes: [] };
    return {
      source: text,
      positions: { edits: [], lines: 0, userLines: 1 },
      trace,
    } satisfies PreparedProgram;
  }, size);
  return { prepared, remembered };
};

test("a program that comes again is prepared once", async () => {
  const { prepared, remembered } = counted();
  expect(await remembered("a")).toBe(await remembered("a"));
  expect(prepared).toEqual(["a"]);
});

test("the programs used last are kept", async () => {
  const { prepared, remembered } = counted(2);
  for (const text of ["a", "b", "a", "c", "a", "b"]) await remembered(text);
  expect(prepared).toEqual(["a", "b", "c", "b"]);
});

test("a failure is not kept, nor a long program", async () => {
  const { prepared, remembered } = counted();
  const long = "x".repeat(20_000);
  await expect(remembered("bad")).rejects.toThrow("bad program");
  await expect(remembered("bad")).rejects.toThrow("bad program");
  await remembered(long);
  await remembered(long);
  expect(prepared).toEqual(["bad", "bad", long, long]);
});
