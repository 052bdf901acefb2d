import { OptimizerError } from "@mcp-optimizer/contracts";
import { createManualClock } from "@mcp-optimizer/testkit";
import { afterEach, expect, test } from "vitest";
import { createProgramPreparer, type ProgramPreparer } from "../../src/program/program-preparer.ts";
import { systemClock } from "../../src/system-clock.ts";

let preparer: ProgramPreparer;
afterEach(() => preparer.dispose());
const code = (error: unknown): string => (OptimizerError.is(error) ? error.code : String(error));

test("prepares one after another, and says what is wrong with where", async () => {
  preparer = createProgramPreparer(systemClock);
  const good = await Promise.all(["return 1", "return 2"].map((text) => preparer.prepare(text)));
  expect(good.map(({ source }) => source.includes("return"))).toEqual([true, true]);
  const bad = await preparer.prepare("const a = ;").catch((error: unknown) => error);
  expect(bad).toMatchObject({ code: "program_invalid", data: { line: 1, column: 11 } });
  expect((bad as Error).message).toMatch(/^The program cannot be run: [^T]/);
});

test.each([
  ["parentheses", (n: number) => `${"(".repeat(n)}1${")".repeat(n)}`],
  ["brackets", (n: number) => `${"[".repeat(n)}${"]".repeat(n)}`],
  ["operators", (n: number) => `${"!".repeat(n)}1`],
  ["types", (n: number) => `let a: ${"A<".repeat(n)}A${">".repeat(n)}`],
  ["branches", (n: number) => "if (1) ".repeat(n)],
  ["arrows", (n: number) => "x=>".repeat(n)],
])("%s nested without end harm no later program", { timeout: 60_000 }, async (_, text) => {
  preparer = createProgramPreparer(systemClock);
  for (const depth of [1_000, 1_001, 20_000]) {
    const answer = await preparer.prepare(text(depth)).then(() => "prepared", code);
    expect(answer).toMatch(/^(prepared|program_invalid)$/);
    expect((await preparer.prepare("return 1 + 1")).source).toContain("return 1 + 1");
  }
});

test("time that passes without the thread is not held against a program", async () => {
  const clock = createManualClock();
  preparer = createProgramPreparer(clock);
  const program = preparer.prepare("return 1");
  clock.advance(5_000);
  expect((await program).source).toContain("return 1");
});

test("after its end it refuses", async () => {
  preparer = createProgramPreparer(systemClock);
  await preparer.prepare("return 1");
  await preparer.dispose();
  expect(await preparer.prepare("return 1").catch(code)).toBe("shutting_down");
});
