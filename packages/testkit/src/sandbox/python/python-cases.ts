import { expect } from "vitest";
import type { PythonCase } from "./python-case.ts";

/** Programs, and what the host sees of their values. */
const VALUES: readonly (readonly [source: string, value: unknown])[] = [
  ["1 + 1", 2],
  ["x = [1]\nx", [1]],
  ["return {'a': (1, None, True)}", { a: [1, null, true] }],
  [
    "outline({'files': [{'name': 'f', 'size': i} for i in range(43)], 'total': 43})",
    "{ files: { name: string; size: number }[43]; total: number }",
  ],
  [
    "[float('nan'), 2**70, {1: 'one'}, {2}, b'ab', git, 1.0]",
    ["NaN", String(2n ** 70n), [[1, "one"]], [2], [97, 98], "[tools: git]", 1],
  ],
  ["a = {'n': 1}\na['self'] = a\na", { n: 1, self: "[Circular]" }],
  ["import asyncio\nawait asyncio.sleep(0.01)\n'slept'", "slept"],
  ["'grüße 🎈 \\ud800'", "grüße 🎈 \ud800"],
];

const CALLS: readonly (readonly [source: string, value: unknown])[] = [
  ["await git.git_log(max_count=5)", { name: "git.git_log", args: [{ max_count: 5 }] }],
  ["git.git_log({'a': 1}, b=2)", { name: "git.git_log", args: [{ a: 1, b: 2 }] }],
  ["await git.create_branch()", { name: "git.createBranch", args: [] }],
  ["await git['createBranch'](1)", { name: "git.createBranch", args: [1] }],
  ["await tools.call('git.git_log', n=1)", { name: "tools.call", args: ["git.git_log", { n: 1 }] }],
  ["(await vault.open('h'))['name']", "vault.open"],
  ["(await show('h'))['name']", "tools.show"],
  ["(await session.get('k'))['name']", "session.get"],
  ["(await session.set('k', {'a': 1}, ttl=5))['args']", ["k", { a: 1 }, { ttl: 5 }]],
  ["(await session.get('k', default=[]))['args']", ["k", []]],
  [
    "import asyncio\n[a, b] = await asyncio.gather(git.git_log(1), git.git_log(2))\n[a['args'], b['args']]",
    [[1], [2]],
  ],
  [
    "try:\n  await git.fail()\nexcept ToolError as e:\n  return [e.code, e.tool, e.data['row'], str(e)]",
    ["tool_failed", "git.fail", 7, "no such row"],
  ],
];

const table = (name: string, rows: typeof VALUES): PythonCase => ({
  name,
  decidedBy: "agent",
  timeout: 60_000,
  run: async ({ run }) => {
    const outcomes = await Promise.all(rows.map(async ([source]) => run(source)));
    for (const [index, { failure, value }] of outcomes.entries()) {
      const [source, expected] = rows[index]!;
      expect({ failure, value }, source).toEqual({ failure: undefined, value: expected });
    }
  },
});

/** What every backend with Python holds. */
export const PYTHON_CASES: readonly PythonCase[] = [
  table("returns values of every kind", VALUES),
  table("calls tools by their names, and in snake case", CALLS),
  {
    name: "keeps what is printed, within its limit",
    decidedBy: "agent",
    sampled: true,
    run: async ({ run }) => {
      const [outcome, full] = await Promise.all([
        run("import sys\nprint('a', 1)\nprint('b', file=sys.stderr)\nprint('end', end='')"),
        run("for i in range(1000): print('äöü' * 10)", { limits: { consoleBytes: 1_000 } }),
      ]);
      expect(outcome.console).toEqual([
        { level: "log", text: "a 1" },
        { level: "error", text: "b" },
        { level: "log", text: "end" },
      ]);
      const kept = full.console.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      expect(kept + full.consoleOmittedBytes).toBe(60_000);
      expect(kept).toBeLessThanOrEqual(1_000);
    },
  },
  {
    name: "says what failed, and where",
    decidedBy: "agent",
    run: async ({ run }) => {
      const [attribute, syntax, tool, stuck, argument, left] = await Promise.all([
        run("x = 1\nx.nope"),
        run("\nx = = 1"),
        run("\nawait git.fail()"),
        run("import asyncio\nawait asyncio.Future()"),
        run("git.git_log({1, print})\n1"),
        run("git.git_log()\nreturn 1"),
      ]);
      const line2 = { position: { line: 2 } };
      expect(attribute.failure).toMatchObject({ code: "program_failed", name: "AttributeError", ...line2 });
      expect(syntax.failure).toMatchObject({ code: "program_invalid", ...line2 });
      expect(tool.failure).toMatchObject({
        code: "tool_failed",
        tool: "git.fail",
        data: { row: 7 },
        ...line2,
      });
      expect(stuck.failure?.message).toContain("nothing settles");
      expect(argument.unhandled).toMatchObject([{ code: "invalid_params" }]);
      expect(left.unhandled).toMatchObject([{ code: "cancelled", tool: "git.git_log" }]);
    },
  },
  {
    name: "holds a program to its limits",
    decidedBy: "wall",
    timeout: 60_000,
    run: async ({ run }) => {
      const codes = await Promise.all(
        [
          run("while True: pass", { limits: { cpuMs: 300 } }),
          run("import asyncio\nawait asyncio.sleep(60)", { limits: { wallMs: 300 } }),
          run("return 'z' * 10001", { limits: { valueBytes: 10_000 } }),
          run("for _ in range(3): await git.git_log()", { limits: { calls: 2 } }),
        ].map(async (outcome) => (await outcome).failure?.code),
      );
      expect(codes).toEqual(["cpu_limit", "timeout", "output_limit", "call_limit"]);
    },
  },
  {
    name: "ends a memory bomb at the memory limit",
    decidedBy: "wall",
    timeout: 60_000,
    run: async ({ run, bombLimits: limits }) => {
      const outcome = await run("a = []\nwhile True: a.append(bytearray(b'x' * 1000000))", { limits });
      expect(outcome.failure?.code).toBe("memory_limit");
    },
  },
  {
    name: "blames a program that ends its guest",
    decidedBy: "wall",
    run: async ({ run }) => {
      expect((await run("import os\nos._exit(3)")).failure?.code).toBe("sandbox_violation");
      expect((await run("1 + 1")).value).toBe(2);
    },
  },
  {
    name: "repeats random numbers for a seed, and only then",
    decidedBy: "wall",
    run: async ({ run }) => {
      const draw = async (seed?: number): Promise<unknown> =>
        (await run("import random\nrandom.random()", seed === undefined ? {} : { seed })).value;
      const [first, again, other, another] = await Promise.all([draw(4), draw(4), draw(), draw()]);
      expect(first).toBeTypeOf("number");
      expect(again).toBe(first);
      expect(another).not.toBe(other);
    },
  },
];
