import type { TokenCounter, ToolDefinition, ToolProvider, ToolResult } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { classicText, countClassic } from "../src/tasks/count-classic.ts";
import type { BenchTask, Situation } from "../src/tasks/bench-task.ts";
import { seeded } from "../src/tasks/fixtures/seeded.ts";
import { countOwn, totalOwn } from "../src/tasks/own-tokens.ts";
import { recordedProvider, type RecordedCall } from "../src/tasks/recorded-provider.ts";
import { runTask, type RunTaskOptions } from "../src/tasks/run-task.ts";
import { shownSignature } from "../src/tasks/shown-signature.ts";
import { totalOf } from "../src/tasks/total-figures.ts";
import { measurePair, type PairFigures } from "../src/types/measure-pair.ts";
import { shareOf } from "../src/types/type-share.ts";
import { TASKS } from "../tasks/index.ts";

/** A token is a character: sums can be told by eye. */
const counter: TokenCounter = { encoding: "o200k_base", count: (text) => text.length };

const tool = (name: string): ToolDefinition => ({ name, inputSchema: { type: "object" } });
const definition = (name: string): number => JSON.stringify({ name, inputSchema: { type: "object" } }).length;
const text = (value: string): ToolResult => ({ content: [{ type: "text", text: value }] });

test("classic counts definitions once, and arguments and results of every call", () => {
  const servers = [
    { name: "one", tools: [tool("a"), tool("bb")] },
    { name: "two", tools: [tool("ccc")] },
  ];
  const call: RecordedCall = { server: "one", tool: "a", args: { x: 1 }, result: text("12345") };
  const passed = 2 * ('{"x":1}'.length + 5);
  const own = definition("a") + definition("bb") + passed;
  expect(countClassic(counter, servers, ["one"], [call, call])).toEqual({
    own,
    all: own + definition("ccc"),
  });
});

test("a result that holds the same as text and as a structure counts once, and no picture counts", () => {
  expect(classicText({ ...text("seen"), structuredContent: { seen: true } })).toBe("seen");
  expect(classicText({ content: [], structuredContent: { seen: true } })).toBe('{"seen":true}');
  const image = { type: "image", data: "AAAA", mimeType: "image/png" };
  expect(classicText({ content: [image, { type: "text", text: "a" }, { type: "text", text: "b" }] })).toBe(
    "a\nb",
  );
});

test("ours counts the manifest, queries and answers, probes, and the program", () => {
  const tokens = countOwn(counter, 100, [
    { for: "search", args: { query: "q" }, answer: "1234" },
    { for: "probe", args: { code: "p" }, answer: "12" },
    { for: "program", args: { code: "pro" }, answer: "1" },
  ]);
  const [query, probe, program] = ['{"query":"q"}', '{"code":"p"}', '{"code":"pro"}'].map((t) => t.length);
  expect(tokens).toEqual({
    manifest: 100,
    search: query! + 4,
    program,
    result: 1,
    retries: probe! + 2,
  });
  expect(totalOwn(tokens)).toBe(100 + query! + 4 + program! + 1 + probe! + 2);
});

test("a tool that an answer only names has no signature there", () => {
  const answer =
    "2 relevant tools, complete:\ngit.log(args: { n: number }): Promise<string>\nAlso: git.show, git.l(";
  expect(shownSignature([answer], "git.log")).toBe("git.log(args: { n: number }): Promise<string>");
  expect(shownSignature([answer], "git.show")).toBeUndefined();
  expect(shownSignature([answer], "git.lo")).toBeUndefined();
});

test("what reached a server is recorded with its result, and the connection outlives the engine", async () => {
  const calls: RecordedCall[] = [];
  let disposed = false;
  const provider = recordedProvider(
    {
      name: "one",
      status: { state: "ready" },
      tools: [tool("a")],
      onChange: () => () => {},
      callTool: (name) => (name === "a" ? Promise.resolve(text("x")) : Promise.reject(new Error("no"))),
      dispose: async () => void (disposed = true),
    },
    (call) => calls.push(call),
  );
  await provider.callTool("a", { n: 1 });
  await expect(provider.callTool("b", {})).rejects.toThrow("no");
  await provider.dispose();
  expect(calls).toEqual([{ server: "one", tool: "a", args: { n: 1 }, result: text("x") }]);
  expect(disposed).toBe(false);
});

test("totals add up, and one wrong task makes them wrong", () => {
  const parts = { manifest: 0, search: 0, program: 0, result: 0, retries: 0 };
  const figures = {
    id: "T",
    problems: [],
    breakdown: parts,
    warmBreakdown: parts,
    ms: 1,
    calls: 2,
    correct: true,
  };
  const first = { ...figures, classicOwn: 100, classicAll: 1_000, ours: 30, warm: 20 };
  const second = { ...figures, classicOwn: 200, classicAll: 3_000, ours: 90, warm: 60 };
  expect(totalOf([first, second])).toEqual({
    classicOwn: 300,
    classicAll: 4_000,
    ours: 120,
    warm: 80,
    calls: 4,
    correct: true,
    saved: 0.97,
    warmSaved: 0.98,
    savedOwn: 0.6,
  });
  expect(totalOf([first, { ...second, correct: false }]).correct).toBe(false);
});

test("fixtures are the same every time", () => {
  const [one, other] = [seeded(7), seeded(7)];
  const numbers = Array.from({ length: 5 }, () => one.integer(1, 1_000));
  expect(Array.from({ length: 5 }, () => other.integer(1, 1_000))).toEqual(numbers);
  expect(new Set(numbers).size).toBeGreaterThan(1);
  expect(Math.max(...numbers)).toBeLessThanOrEqual(1_000);
});

test("the tasks are those of the issue, and none looks for a tool by its name", () => {
  expect(TASKS.map(({ id }) => id).join(" ")).toBe("T01 T03 T05 T06 T07 T09 T11 T14 T15 T16");
  for (const { id, searches } of TASKS) {
    expect(searches.length, id).toBeGreaterThan(0);
    for (const query of searches) expect(query, id).not.toMatch(/\w_\w|\w\.\w|\b[a-z]+[A-Z]/u);
  }
});

/** An engine that shows one signature and answers programs by what they say. */
const engine = (signature: string): RunTaskOptions["optimizer"] => ({
  callTool: (name, { code }) =>
    Promise.resolve(
      name === "search_tools"
        ? text(`1 relevant tool, complete:\n${signature}`)
        : {
            ...text(code === "wrong" ? '{"value":2}' : '{"value":1}'),
            isError: code === "failing",
            _meta: { "mcp-optimizer/run": { calls: [{ tool: "one.a", ok: true, ms: 1 }] } },
          },
    ),
});

const situation = {} as Situation;
const task: BenchTask = {
  id: "T",
  servers: ["everything"],
  request: () => "",
  searches: ["a need"],
  probes: () => [{ code: "probe", tools: ["one.a"] }],
  program: () => "right",
  expected: () => 1,
};

test("a task is done where the answer is right and a search showed what the program calls", async () => {
  const optimizer = engine("one.a(): Promise<unknown>");
  const { calls, problems } = await runTask(task, { optimizer, situation });
  expect(problems).toEqual([]);
  expect(calls.map((call) => call.for)).toEqual(["search", "probe", "program"]);
});

test("a tool that no search showed, a wrong or failed answer, or a wrong trace is a problem", async () => {
  const unseen = await runTask(task, { optimizer: engine("one.b(): Promise<unknown>"), situation });
  expect(unseen.problems[0]).toBe("no search showed the signature of one.a");
  const optimizer = engine("one.a(): Promise<unknown>");
  const problems = async (change: Partial<BenchTask>): Promise<readonly string[]> =>
    (await runTask({ ...task, ...change }, { optimizer, situation })).problems;
  expect(await problems({ program: () => "wrong" })).toEqual(["the answer is 2, not 1"]);
  expect(await problems({ program: () => "failing" })).toEqual(['the program failed: {"value":1}']);
  expect(await problems({ problem: () => Promise.resolve("a file is missing") })).toEqual([
    "a file is missing",
  ]);
});

test("nobody looks at a result whose signature has grown since", async () => {
  const optimizer = engine("one.a(): Promise<number> /* seen 1x */");
  const probes = async (cold: string): Promise<number> =>
    (await runTask(task, { optimizer, situation, cold: [cold] })).calls.filter((call) => call.for === "probe")
      .length;
  expect(await probes("one.a(): Promise<unknown>")).toBe(0);
  expect(await probes("one.a(): Promise<number> /* seen 1x */")).toBe(1);
});

/** Measures a tool that gives one result, then another. */
async function measured(
  results: ToolResult[],
  outputSchema?: ToolDefinition["outputSchema"],
): Promise<PairFigures> {
  const definition = { ...tool("a"), ...(outputSchema && { outputSchema }) };
  const provider: ToolProvider = {
    name: "one",
    status: { state: "ready" },
    tools: [definition],
    onChange: () => () => {},
    callTool: () => Promise.resolve(results.shift()!),
    dispose: () => Promise.resolve(),
  };
  return await measurePair(provider, definition, { tool: "a", first: {}, second: {} });
}

test("a learned type is right where it holds for another result", async () => {
  expect(await measured([text('{"n":1}'), text('{"n":2}')])).toMatchObject({ callable: true, correct: true });
  expect(await measured([text('{"n":1}'), text('{"m":"x"}')])).toMatchObject({
    callable: true,
    correct: false,
  });
  const failed = { ...text("no"), isError: true };
  expect(await measured([text('{"n":1}'), failed])).toMatchObject({ callable: false, correct: false });
});

test("a declared type is right where the second result is of it, whatever was learned", async () => {
  const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
  const result = (structuredContent: ToolResult["structuredContent"]): ToolResult => ({
    content: [],
    ...(structuredContent !== undefined && { structuredContent }),
  });
  const wider = await measured([result({ n: 1 }), result({ n: 2, more: true })], schema);
  expect(wider).toMatchObject({ declared: true, correct: true, learned: false });
  const lying = await measured([result({ n: 1 }), result({ n: "2" })], schema);
  expect(lying).toMatchObject({ declared: true, correct: false });
});

test("a share is of the tools that could be called", () => {
  const pair = { server: "one", tool: "a", declared: false, learned: false, detail: "" };
  const pairs = [
    { ...pair, callable: true, correct: true },
    { ...pair, callable: true, correct: false },
    { ...pair, callable: false, correct: false },
  ];
  expect(shareOf(pairs)).toEqual({ callable: 2, correct: 1, share: 0.5 });
  expect(shareOf([])).toEqual({ callable: 0, correct: 0, share: 0 });
});
