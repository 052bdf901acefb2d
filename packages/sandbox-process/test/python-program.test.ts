import {
  DEFAULT_RUN_LIMITS,
  type GuestOutcome,
  type HostReply,
  type RunLimits,
} from "@mcp-optimizer/contracts";
import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { afterAll, describe, expect, test } from "vitest";
import { createBasicSandbox, createSeccompSandbox } from "../src/index.ts";

// oxlint-disable vitest/no-standalone-expect, vitest/no-disabled-tests -- `check` is a test that is skipped where its backend is missing.

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));
const KINDS = [
  { name: "basic", create: () => createBasicSandbox({ environment: {} }), missing: undefined },
  { name: "seccomp", create: () => createSeccompSandbox(), missing: bubblewrap.reason },
];
const NAMESPACES = [{ name: "git", tools: ["git_log", "createBranch"] }];
const ECHO = {
  call: async ({ name, args }: { name: string; args: readonly unknown[] }): Promise<HostReply> =>
    name.endsWith("fail")
      ? { ok: false, error: { code: "tool_failed", message: "no such row", tool: name, data: { row: 7 } } }
      : { ok: true, value: JSON.parse(JSON.stringify({ name, args })) },
};

const mustRun = process.env["REQUIRE_ALL_BACKENDS"] === "1";

describe.each(KINDS)("programs in Python: $name (missing: $missing)", ({ create, missing }) => {
  const check = test.skipIf(missing !== undefined && !mustRun);
  const backend = create();
  afterAll(() => backend.dispose());

  async function run(source: string, limits: Partial<RunLimits> = {}, seed?: number): Promise<GuestOutcome> {
    const lease = await backend.lease({ tenant: "t", limits: { ...DEFAULT_RUN_LIMITS, ...limits } });
    try {
      const program = { language: "python" as const, source, namespaces: NAMESPACES };
      return await lease.session.run(seed === undefined ? program : { ...program, seed }, ECHO);
    } finally {
      await lease.dispose();
    }
  }

  check.each<[source: string, value: unknown]>([
    ["1 + 1", 2],
    ["x = [1]\nx", [1]],
    ["return {'a': (1, None, True)}", { a: [1, null, true] }],
    ["await git.git_log(max_count=5)", { name: "git.git_log", args: [{ max_count: 5 }] }],
    ["git.git_log({'a': 1}, b=2)", { name: "git.git_log", args: [{ a: 1, b: 2 }] }],
    ["await git.create_branch()", { name: "git.createBranch", args: [] }],
    ["await git['createBranch'](1)", { name: "git.createBranch", args: [1] }],
    ["await tools.call('git.git_log', n=1)", { name: "tools.call", args: ["git.git_log", { n: 1 }] }],
    ["(await vault.open('h'))['name']", "vault.open"],
    [
      "import asyncio\n[a, b] = await asyncio.gather(git.git_log(1), git.git_log(2))\n[a['args'], b['args']]",
      [[1], [2]],
    ],
    [
      "try:\n  await git.fail()\nexcept ToolError as e:\n  return [e.code, e.tool, e.data['row'], str(e)]",
      ["tool_failed", "git.fail", 7, "no such row"],
    ],
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
  ])("%s", async (source, value) => {
    const outcome = await run(source);
    expect(outcome.failure).toBeUndefined();
    expect(outcome.value).toEqual(value);
  });

  check("what is printed is kept, within its limit", async () => {
    const outcome = await run("import sys\nprint('a', 1)\nprint('b', file=sys.stderr)\nprint('end', end='')");
    expect(outcome.console).toEqual([
      { level: "log", text: "a 1" },
      { level: "error", text: "b" },
      { level: "log", text: "end" },
    ]);
    const full = await run("for i in range(1000): print('äöü' * 10)", { consoleBytes: 1_000 });
    const kept = full.console.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(kept + full.consoleOmittedBytes).toBe(60_000);
    expect(kept).toBeLessThanOrEqual(1_000);
  });

  check("failures say what and where", async () => {
    expect((await run("x = 1\nx.nope")).failure).toMatchObject({
      code: "program_failed",
      name: "AttributeError",
      position: { line: 2 },
    });
    expect((await run("\nx = = 1")).failure).toMatchObject({
      code: "program_invalid",
      position: { line: 2 },
    });
    expect((await run("\nawait git.fail()")).failure).toMatchObject({
      code: "tool_failed",
      tool: "git.fail",
      data: { row: 7 },
      position: { line: 2 },
    });
    expect((await run("import asyncio\nawait asyncio.Future()")).failure?.message).toContain(
      "nothing settles",
    );
    expect((await run("git.git_log({1, print})\n1")).unhandled).toMatchObject([{ code: "invalid_params" }]);
    expect((await run("git.git_log()\nreturn 1")).unhandled).toMatchObject([
      { code: "cancelled", tool: "git.git_log" },
    ]);
  });

  check("limits hold", async () => {
    expect((await run("while True: pass", { cpuMs: 300 })).failure?.code).toBe("cpu_limit");
    expect((await run("import asyncio\nawait asyncio.sleep(60)", { wallMs: 300 })).failure?.code).toBe(
      "timeout",
    );
    expect(
      (await run("a = []\nwhile True: a.append(bytearray(1000000))", { memoryBytes: 32 << 20 })).failure
        ?.code,
    ).toBe("memory_limit");
    expect((await run("return 'z' * 10001", { valueBytes: 10_000 })).failure?.code).toBe("output_limit");
    expect((await run("for _ in range(3): await git.git_log()", { calls: 2 })).failure?.code).toBe(
      "call_limit",
    );
    expect((await run("import os\nos._exit(3)")).failure?.code).toBe("sandbox_violation");
  });

  check("a seed repeats random numbers", async () => {
    const draw = async (seed?: number): Promise<unknown> =>
      (await run("import random\nrandom.random()", {}, seed)).value;
    expect(await draw(4)).toBe(await draw(4));
    expect(await draw()).not.toBe(await draw());
  });
});
