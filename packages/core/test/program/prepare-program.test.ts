import { OptimizerError } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toUserPosition } from "../../src/program/position-map.ts";
import { prepareProgram } from "../../src/program/prepare-program.ts";

// oxlint-disable-next-line no-eval -- what comes out is judged by what it does
const evaluate = (source: string): (() => unknown) => (0, eval)(source) as () => unknown;

/** Runs a prepared program in this process: what is under test is the preparation. */
const run = async (text: string): Promise<unknown> => {
  const { source } = await prepareProgram(text);
  return evaluate(source)();
};

const fault = async (text: string): Promise<OptimizerError> => {
  const error = await prepareProgram(text).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!OptimizerError.is(error)) throw new Error(`no OptimizerError but ${String(error)}`);
  return error;
};

describe("the value of a program", () => {
  test.each([
    ["a return", "return 1 + 1", 2],
    ["types", "const n: number = 2; return (n as any) satisfies unknown", 2],
    ["a generic call", "const id = <T,>(x: T): T => x; return id<string>('a')", "a"],
    [
      "a generic call that JavaScript reads as comparisons",
      "const id = (x) => x; return id<String>('a')",
      "a",
    ],
    ["half of a character, which texts in UTF-8 cannot hold", "return '\ud800'", "\ufffd"],
    ["an enum, which blanking cannot do", "enum A { X = 3 }\nreturn A.X", 3],
    ["a parameter property", "class P { constructor(public x: number) {} }\nreturn new P(4).x", 4],
    ["a last expression", "const a = 1\na + 1", 2],
    ["a last expression with await and semicolon", "await Promise.resolve(5);", 5],
    ["a last expression over several lines", "[1, 2]\n  .map((x) => x * 2)\n  .join()", "2,4"],
    ["a tail in parentheses", "const a = 1;\n({ a })", { a: 1 }],
    ["a tail block that reads as an object", "const a = 1, b = 2;\n{ a, b }", { a: 1, b: 2 }],
    ["a tail block that is a block", "let a = 1;\n{ const b = 2; a + b }", 3],
    ["both branches of a tail if", "if (1 > 2) { 'a' } else if (2 > 3) 'b'; else { 'c' }", "c"],
    ["a tail try", "try { JSON.parse('{') } catch { 'caught' }", "caught"],
    ["an early return before a tail", "if (true) return 'early';\n'late'", "early"],
    ["one arrow function", "async () => { return 7 }", 7],
    ["one arrow function in parentheses, with a semicolon", "(async () => 8);", 8],
    ["one function declaration", "async function main() { return 9 }", 9],
    ["a function that calls itself", "(async () => 10)()", 10],
    ["a string that looks like a directive", "'text'", "text"],
    ["comments that hold a fence", "/*\n```ts\n*/ return 'a'\n// ```", "a"],
  ])("%s", async (_, text, value) => {
    expect(await run(text)).toEqual(value);
  });

  test.each([
    ["loops", "for (const x of [1]) { x }"],
    ["declarations", "const x = 1"],
    ["an empty tail block", "const x = 1; {}"],
    ["only a comment", "// nothing"],
  ])("nothing from %s", async (_, text) => {
    expect(await run(text)).toBeUndefined();
  });

  test.each([
    "```ts\nreturn 3\n```",
    "\n\n```typescript\nreturn 3\n```\n",
    "~~~\nreturn 3\n~~~",
    "````js\nreturn 3\n````",
  ])("fences come off: %j", async (text) => {
    expect(await run(text)).toBe(3);
  });

  test("strict mode: an undeclared name cannot be assigned", async () => {
    await expect(run("undeclared = 1")).rejects.toThrow(ReferenceError);
  });
});

describe("a program that cannot run says where, in the user's own text", () => {
  test.each([
    ["JavaScript syntax", "const a = 1;\nconst b = ;", 2, 11],
    ["TypeScript syntax", "let a: = 1", 1, 8],
    ["in fences", "```ts\nconst a = 1;\nconst b = ;\n```", 3, 11],
    ["declared twice", "const a = 1;\n  const a = 2;", 2, 9],
  ])("%s", async (_, text, line, column) => {
    const error = await fault(text);
    expect(error.code).toBe("program_invalid");
    expect(error.data).toMatchObject({ line, column, sourceLine: text.split("\n")[line - 1]!.trim() });
  });

  test("an import is told what to do instead", async () => {
    const error = await fault('import fs from "fs";\nreturn 1');
    expect(error.message).toMatch(/every server is a global object/);
    expect(error.data).toMatchObject({ line: 1 });
  });

  test.each(["", "  \n", "```ts\n\n```"])("an empty program: %j", async (text) => {
    expect((await fault(text)).message).toMatch(/it is empty/);
  });

  test("a text over the size", async () => {
    expect((await fault(" ".repeat(300_000))).message).toMatch(/300000 characters/);
  });

  test.each([
    "}, 1); (async () => {",
    "}); globalThis.pwned = 1; (async () => {",
    "}; async () => {",
    "})() //",
    "/*",
    "`",
  ])("it cannot leave its function: %j", async (text) => {
    expect((await fault(text)).code).toBe("program_invalid");
  });

  test("any text at all either prepares to one function or is refused", async () => {
    const piece = fc.constantFrom(
      "}",
      "{",
      ")",
      "(",
      ";",
      "\n",
      "return 1",
      "async () => ",
      "`",
      "'",
      "//",
      "/*",
      "*/",
      ",",
      "x",
      "=>",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        try {
          const { source } = await prepareProgram(pieces.join(" "));
          expect(typeof evaluate(source)).toBe("function");
        } catch (error) {
          expect(OptimizerError.is(error) && error.code).toBe("program_invalid");
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("positions of the guest map back over wrapper, fences and inserted returns", async () => {
  const text = "```ts\nconst a = 1;\nnull.x\n```";
  const { source, positions } = await prepareProgram(text);
  const line = source.split("\n").findIndex((line) => line.includes("null.x")) + 1;
  const column = source.split("\n")[line - 1]!.indexOf("null.x") + 1;
  expect(toUserPosition(positions, { line, column })).toEqual({ line: 3, column: 1 });
  expect(toUserPosition(positions, { line: 99, column: 1 })).toBeUndefined();
});
