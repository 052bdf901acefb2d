import type { JsonObject, LedgerStore, ToolResult } from "@mcp-optimizer/contracts";
import { createInMemoryProvider, createStandardToolbox } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createOptimizer } from "../../src/create-optimizer.ts";
import { createMemoryLedgerStore } from "../../src/ledger/memory-ledger-store.ts";
import type { Optimizer, OptimizerOptions } from "../../src/optimizer.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import { loadO200kTokenCounter } from "../../src/tokens/o200k-token-counter.ts";
import { createVmSandbox } from "../intents/vm-sandbox.ts";

const counter = await loadO200kTokenCounter();
const count = (...texts: string[]): number => texts.reduce((sum, text) => sum + counter.count(text), 0);
const json = (value: unknown): string => JSON.stringify(value);
const textOf = ({ content }: ToolResult): string => content.map(({ text }) => text as string).join("");
const S = { session: "s" };

async function optimizerOf(options: Partial<OptimizerOptions> = {}) {
  const own = createStandardToolbox();
  const optimizer = await createOptimizer({
    upstreams: [createInMemoryProvider("fixture", own)],
    sandbox: createVmSandbox(),
    tokenCounter: counter,
    flags: { executionMode: "code_execution" },
    ...options,
  });
  onTestFinished(() => optimizer.dispose());
  const definitions = own.tools.map(({ definition }) => definition);
  return { optimizer, definitions };
}
/** One for all that does not change it: to prepare programs it starts a thread. Tests have tenants of their own. */
let shared: Optimizer;
const box = createStandardToolbox();
const big = [
  giving("text", { content: [{ type: "text", text: "word ".repeat(100_000) }] }),
  giving("value", { content: [], structuredContent: { rows: rows(20_000) } }),
  giving("image", { content: [{ type: "image", data: "aGk=".repeat(9_999), mimeType: "image/png" }] }),
];
const listed = [...box.tools, ...big].map(({ definition }) => definition);
beforeAll(async () => {
  shared = await createOptimizer({
    upstreams: [createInMemoryProvider("fixture", box), createInMemoryProvider("big", big)],
    sandbox: createVmSandbox(),
    tokenCounter: counter,
    flags: { executionMode: "code_execution" },
  });
});
afterAll(() => shared.dispose());

const figures = async (optimizer: Optimizer, query = {}) => (await optimizer.ledger!.summary(query)).figures;
const modelText = ({ name, description, inputSchema }: JsonObject): string =>
  json({ name, description, inputSchema });

test("every figure is the count of the very texts", async () => {
  const of = { tenant: "exact", ...S };
  const query = { query: "add two numbers" };
  const found = await shared.callTool("search_tools", query, of);
  const program = {
    code: 'const { sum } = await fixture.add({ a: 1, b: 2 });\nreturn [sum, await fixture.echo({ text: "ü".repeat(50) })]',
  };
  const ran = await shared.callTool("run_code", program, of);
  const failing = { code: 'await fixture.echo({ text: "before" });\nthrow new Error("no")' };
  const failed = await shared.callTool("run_code", failing, of);
  expect(failed.isError).toBe(true);

  const summary = await shared.ledger!.summary(of);
  const expected = {
    definitions: count(...listed.map(modelText)),
    definitionsWire: count(...listed.map(json)),
    list: count(...shared.tools.map(modelText)),
    listWire: count(...shared.tools.map(json)),
    arguments: count('{"a":1,"b":2}', json({ text: "ü".repeat(50) })),
    // The structured content of `add` repeats its text.
    results: count('{"sum":3}', "ü".repeat(50)),
    search: count(json(query), textOf(found)),
    programs: count(json(program)),
    answers: count(textOf(ran)),
    retries: count(json(failing), textOf(failed)),
    failedCalls: count('{"text":"before"}', "before"),
    direct: 0,
  };
  const tokens = Object.fromEntries(
    Object.keys(expected).map((key) => [key, summary.figures[key as "list"].tokens]),
  );
  expect(tokens).toEqual(expected);
  const baseline = expected.definitions + expected.arguments + expected.results;
  expect(summary.figures.baseline).toMatchObject({ tokens: baseline, mark: "computed" });
  expect(summary.figures.search).toMatchObject({ mark: "measured", count: 1 });
  expect(summary.figures.retries.count).toBe(1);
  expect(summary).toMatchObject({
    encoding: "o200k_base",
    sessions: 1,
    servers: [{ name: "fixture" }, { name: "big" }],
    notes: expect.arrayContaining([expect.stringMatching(/calls that failed programs made/)]) as string[],
  });
  expect(summary.tools.map(({ name, calls }) => [name, calls])).toEqual([
    ["fixture.echo", 1],
    ["fixture.add", 1],
  ]);
  // A run has no list; the rest of it is there.
  const { runId } = (ran._meta as { "mcp-optimizer/run": { runId: string } })["mcp-optimizer/run"];
  const own = await figures(shared, { tenant: "exact", runId });
  expect(own.baseline.tokens).toBe(expected.arguments + expected.results);
  expect(own.ours.tokens).toBe(expected.programs + expected.answers);
});

test("an answer says what the calls of its run come to", async () => {
  const of = { tenant: "answer", ...S };
  const { _meta: meta } = await shared.callTool(
    "run_code",
    { code: 'return await fixture.echo({ text: "hello" })' },
    S,
  );
  const { tokens } = (meta as { "mcp-optimizer/run": { tokens: JsonObject } })["mcp-optimizer/run"];
  expect(tokens["calls"]).toEqual({
    tokens: expect.any(Number) as number,
    mark: expect.stringMatching(/measured|estimated/) as string,
  });
  const { _meta: none } = await shared.callTool("run_code", { code: "return 1" }, of);
  expect(json(none)).not.toContain('"mark"');
});

test("tools that are passed through cost the same on both sides, but for their names", async () => {
  const { optimizer, definitions } = await optimizerOf({ flags: { executionMode: "mcp_only" } });
  await optimizer.callTool("fixture__add", { a: 1, b: 2 }, S);
  await optimizer.callTool("fixture__fail", { message: "of its own" }, S);
  const wrong = await optimizer.callTool("fixture__add", { a: 1 }, S);
  const {
    direct,
    retries,
    arguments: args,
    results,
    definitions: classic,
    list,
    saved,
    savedShare,
  } = await figures(optimizer);
  expect(direct.tokens).toBe(args.tokens + results.tokens);
  expect(direct).toMatchObject({ count: 2, mark: "measured" });
  expect(retries.tokens).toBe(count('{"a":1}', textOf(wrong)));
  expect(classic.tokens).toBe(count(...definitions.map(modelText)));
  expect(list.tokens).toBeGreaterThan(classic.tokens);
  expect(saved.tokens).toBe(classic.tokens - list.tokens - retries.tokens);
  expect(savedShare).toBeLessThan(0);
});

test("a session has the lists that it saw last, once; who names none has none", async () => {
  const { optimizer, definitions } = await optimizerOf({ flags: { executionMode: "mcp_only" } });
  const echo = async (options: { session?: string; tenant?: string }) =>
    await optimizer.callTool("fixture__echo", { text: "x" }, options);
  expect((await figures(optimizer)).list.tokens).toBe(0);
  for (const options of [{ session: "a" }, { session: "b" }, { session: "b" }, {}]) await echo(options);
  const classic = count(...definitions.map(modelText));
  const before = await optimizer.ledger!.summary();
  expect(before.sessions).toBe(2);
  expect(before.figures.definitions.tokens).toBe(2 * classic);
  expect(before.notes.join("\n")).toMatch(/belongs to no known session/);
  const changed = new Promise<void>((resolve) => optimizer.onChange(resolve));
  await optimizer.callTool("fixture__add_tool", { name: "later" }, { session: "a" });
  await changed;
  await echo({ session: "b" });
  await echo({ session: "a", tenant: "other" });
  const tokensOf = async (session: string) => (await figures(optimizer, { session })).definitions.tokens;
  expect(await tokensOf("a")).toBe(classic);
  expect(await tokensOf("b")).toBeGreaterThan(classic);
  const { each } = await optimizer.ledger!.summary({ by: "session" });
  expect(each!.map(({ key }) => key)).toEqual(expect.arrayContaining(["a", "b", undefined]));
});

test("a run that waits for approval reads again what it read meanwhile, and each call counts once", async () => {
  const policy = createPolicy({ default: { unknown: "ask" }, effects: { "fixture.echo": "read" } });
  const { optimizer } = await optimizerOf({ policy });
  const code = `const text = await fixture.echo({ text: "before" });
    await fixture.add({ a: 1, b: 1 });
    return [text, await fixture.echo({ text: "meanwhile" })]`;
  let state = "";
  const asked = await optimizer.callTool(
    "run_code",
    { code },
    { ...S, onApproval: (pending) => void ({ state } = pending) },
  );
  expect(textOf(asked)).toContain("approval_required");
  const before = await figures(optimizer);
  expect(before.results.tokens).toBe(count("before"));
  expect(before.retries.tokens + before.failedCalls.tokens).toBe(0);
  const done = await optimizer.callTool("run_code", { code }, { ...S, approval: { state, approved: true } });
  expect(done.isError).toBeUndefined();
  const after = await figures(optimizer);
  expect(after.results.tokens).toBe(count("before", '{"sum":2}', "meanwhile"));
  // A person has answered, and not the model: it has sent one program, and read one answer.
  expect(after.programs).toMatchObject({ count: 1, tokens: count(json({ code })) });
  expect(after.answers).toMatchObject({ count: 1, tokens: count(textOf(done)) });
  const read = await optimizer.callTool("run_code", { code }, S);
  await optimizer.callTool("search_tools", { query: "echo" }, S);
  // Where no person is asked through the client, the model reads the question.
  const later = await figures(optimizer);
  expect(later.answers.tokens).toBe(after.answers.tokens + count(textOf(read)));
});

test("a run that no client sent counts without lists; one that nobody sent does not count", async () => {
  const tenant = "alone";
  const { tokens, runId } = await shared.run({
    code: 'return await fixture.echo({ text: "alone" })',
    tenant,
  });
  await shared.runs.replay(runId, { tenant });
  const { figures: own, sessions } = await shared.ledger!.summary({ tenant });
  expect(sessions).toBe(0);
  expect(own.ours.tokens).toBe(tokens.program + tokens.answer);
  expect(own.baseline.tokens).toBe(count('{"text":"alone"}', "alone"));
});

test("what is large is estimated, and what is no text does not count", async () => {
  const of = { tenant: "large", ...S };
  const code = "await big.text(); await big.value(); await big.image(); return 1";
  await shared.callTool("run_code", { code }, of);
  const { results, saved, media } = await figures(shared, of);
  expect(results.mark).toBe("estimated");
  expect(saved.mark).toBe("estimated");
  const tokens = 100_000 + counter.count(json({ rows: rows(1_000) })) * 20;
  expect(results.tokens).toBeGreaterThan(tokens * 0.8);
  expect(results.tokens).toBeLessThan(tokens * 1.3);
  expect(media).toBe(1);
});

test("nothing is lost when it ends, and a store that fails for a while gets it later", async () => {
  const inner = createMemoryLedgerStore({ clock: Date });
  let broken = true;
  const store: LedgerStore = {
    ...inner,
    append: async (entries) => {
      if (broken) throw new Error("disk full");
      await inner.append(entries);
    },
  };
  const said: string[] = [];
  const { optimizer } = await optimizerOf({ ledger: store, log: ({ message }) => said.push(message) });
  await optimizer.callTool("search_tools", { query: "echo" }, S);
  await optimizer.ledger!.summary();
  expect(said).toContain("What was spent could not be written down");
  broken = false;
  await optimizer.callTool("search_tools", { query: "add" }, S);
  await optimizer.dispose();
  const sums = await inner.sum({ tenant: "local" });
  expect(sums.map(({ part, count: times }) => [part, times])).toEqual(
    expect.arrayContaining([
      ["search", 2],
      ["list", 1],
    ]),
  );
});

test("it can be switched off", async () => {
  const { optimizer } = await optimizerOf({ ledger: false });
  expect(optimizer.ledger).toBeUndefined();
  expect((await optimizer.callTool("search_tools", { query: "echo" }, S)).isError).toBeUndefined();
});

function giving(name: string, result: ToolResult) {
  return { definition: { name, inputSchema: { type: "object", properties: {} } }, call: () => result };
}

function rows(count: number): { id: number }[] {
  return Array.from({ length: count }, (_, id) => ({ id }));
}
