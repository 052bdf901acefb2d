import { defineIntent } from "@mcp-optimizer/core";
import { expect, test } from "vitest";
import * as z from "zod";
import { call, openEngine, type TestEngine, type TestEngineOptions } from "./open-engine.ts";

const SERVERS: TestEngineOptions["servers"] = {
  safe: [
    { name: "read", answer: () => "the combination" },
    { name: "fill", answer: ({ with: what }) => ({ filled: what ?? null }) },
  ],
  shop: [{ name: "list", answer: () => ["a"] }],
};
const POLICY: NonNullable<TestEngineOptions["policy"]> = {
  effects: { "safe.read": "read", "safe.fill": "write", "shop.*": "read", "intents.*": "read" },
  rules: [
    { decide: "ask", tool: "fill", scope: "safe:write" },
    { decide: "allow", server: "safe", scope: "safe:*" },
    { decide: "deny", server: "safe", reason: "it needs the scope safe:read" },
  ],
};
const READER = { tenant: "team", principal: "ada", scopes: ["safe:read"] };
const WRITER = { tenant: "team", principal: "cy", scopes: ["safe:write"] };
const GUEST = { tenant: "team", principal: "bob", scopes: ["other", "safe"] };
const CODE = { code: "return await safe.read()" };

const open = (options: Partial<TestEngineOptions> = {}): Promise<TestEngine> =>
  openEngine({ servers: SERVERS, policy: POLICY, ...options });

test("a tool that a caller's scopes do not reach is not found, not named, and not called", async () => {
  const { optimizer, reached } = await open();
  for (const caller of [GUEST, {}]) {
    const found = await call(optimizer, "search_tools", { query: "read the safe" }, caller);
    const described = await call(
      optimizer,
      "run_code",
      { code: `return await tools.describe("safe.read")` },
      caller,
    );
    const searched = await call(
      optimizer,
      "run_code",
      { code: `return await tools.search("combination safe")` },
      caller,
    );
    for (const { text } of [found, searched])
      expect(text.replaceAll(/"query":"[^"]*"/g, "")).not.toMatch(/safe\.(read|fill)|the safe\(/);
    expect(described.isError).toBe(true);
    for (const code of [CODE.code, `return await globalThis["sa" + "fe"].read()`]) {
      expect((await call(optimizer, "run_code", { code }, caller)).isError).toBe(true);
    }
  }
  expect(reached).toEqual([]);
  const done = await call(optimizer, "run_code", CODE, READER);
  expect(JSON.parse(done.text)).toMatchObject({ value: "the combination" });
  expect((await call(optimizer, "search_tools", { query: "read the safe" }, READER)).text).toContain(
    "safe.read",
  );
});

test("lists of upstream tools have what the caller may see, the same array while it is the same", async () => {
  const { optimizer, reached } = await open({ flags: { executionMode: "mcp_only" } });
  const names = (scopes: string[]) => optimizer.toolsFor({ tenant: "team", scopes }).map(({ name }) => name);
  expect(names(["safe:read"])).toEqual(["safe__read", "safe__fill", "shop__list"]);
  expect(names([])).toEqual(["shop__list"]);
  expect(optimizer.tools.map(({ name }) => name)).toEqual(["shop__list"]);
  expect(optimizer.toolsFor({ scopes: ["x"] })).toBe(optimizer.toolsFor({ tenant: "other" }));
  await expect(call(optimizer, "safe__read", {}, GUEST)).rejects.toMatchObject({ code: "unknown_tool" });
  expect((await call(optimizer, "safe__read", {}, READER)).text).toBe("the combination");
  expect(reached).toHaveLength(1);
});

test("an answer that was kept for one does not reach another whom policy would refuse", async () => {
  const { optimizer, reached } = await open({ intents: INTENTS });
  const asks = [CODE, ...INTENTS.map(({ name }) => ({ code: `return await intents.${name}({})` }))];
  for (const asked of asks) {
    const first = await call(optimizer, "run_code", asked, READER);
    expect(first.text).toContain("the combination");
    const again = await call(optimizer, "run_code", asked, { ...READER, principal: "another" });
    expect(again.text).toContain("the combination");
    const guest = await call(optimizer, "run_code", asked, GUEST);
    expect([guest.isError, guest.text]).toEqual([true, expect.not.stringContaining("combination")]);
  }
  expect(reached).toEqual(["safe.read {}"]);
});

const name = (text: string) => ({ name: text, description: text, input: z.strictObject({}) });
const INTENTS = [
  defineIntent({ ...name("by_tool"), tool: { name: "safe.read" } }),
  defineIntent({ ...name("by_program"), code: "return await safe.read()" }),
  defineIntent({ ...name("by_function"), run: async (_, { callTool }) => await callTool("safe.read") }),
  defineIntent({
    ...name("by_effect"),
    effect: "read",
    run: async (_, { callTool }) => await callTool("safe.read"),
  }),
];

test.each(INTENTS)("what $name calls, it calls as its caller", async (intent) => {
  const { optimizer, reached } = await open({ intents: [intent], cache: { never: ["*"] } });
  const code = `return await intents.${intent.name}({})`;
  expect((await call(optimizer, "run_code", { code }, GUEST)).isError).toBe(true);
  await expect(optimizer.router.route(intent.name, {}, GUEST)).rejects.toThrow(/safe|scope|policy|program/i);
  expect(reached).toEqual([]);
  expect((await call(optimizer, "run_code", { code }, READER)).text).toContain("the combination");
  expect((await optimizer.router.route(intent.name, {}, READER)).value).toBe("the combination");
});

test("a saved program has its caller's rights, not those of who saved it", async () => {
  const { optimizer } = await open({ modelMaySave: true });
  const { runId } = await optimizer.run({ ...CODE, ...READER });
  await optimizer.programs.save({ runId, name: "peek", description: "Looks.", tenant: "team" });
  const code = "return await intents.peek({})";
  expect((await call(optimizer, "run_code", { code }, GUEST)).isError).toBe(true);
  expect((await call(optimizer, "run_code", { code }, READER)).text).toContain("the combination");
});

test("a run goes on with the rights of whoever lets it go on", async () => {
  const { optimizer, reached } = await open();
  const code = `await safe.fill({ with: "gold" }); return await safe.read()`;
  const { pending } = await call(optimizer, "run_code", { code }, WRITER);
  expect(pending?.request.calls).toHaveLength(1);
  const approval = { state: pending!.state, approved: true };
  const run = { run: pending!.request.runId };
  for (const caller of [{ tenant: "team" }, GUEST]) {
    expect((await call(optimizer, "run_code", run, { ...caller, approval })).isError).toBe(true);
  }
  expect(reached.filter((one) => one.startsWith("safe.fill"))).toEqual([]);
  const done = await call(optimizer, "run_code", run, { ...WRITER, approval });
  expect(done.text, done.text).toContain("the combination");
});

test("a run is gone through again, and taken back, with the rights of whoever does it", async () => {
  const { optimizer } = await open({
    policy: { ...POLICY, rules: POLICY.rules!.slice(1) },
    inverses: { "safe.fill": { tool: "safe.fill", args: { with: "nothing" } } },
  });
  const { runId } = await optimizer.run({ code: `return await safe.fill({ with: "gold" })`, ...WRITER });
  const replayed = optimizer.runs.replay(runId, GUEST);
  await expect(replayed).rejects.toMatchObject({ code: "conflict" });
  expect(await optimizer.runs.planRevert(runId, WRITER)).toMatchObject({ steps: [{ tool: "safe.fill" }] });
  expect((await optimizer.runs.planRevert(runId, GUEST)).steps).toEqual([]);
  const { id } = await optimizer.runs.planRevert(runId, WRITER);
  await expect(optimizer.runs.revert(runId, { ...GUEST, approved: id })).rejects.toMatchObject({
    code: "conflict",
  });
  expect((await optimizer.runs.revert(runId, { ...WRITER, approved: id })).done).toHaveLength(1);
});

test("a rule may look at scopes and arguments together: the tool is seen then, and the call decided", async () => {
  const { optimizer, reached } = await open({
    policy: {
      rules: [
        { decide: "allow", tool: "fill", scope: "safe:write", args: { with: "gold" } },
        { decide: "deny", tool: "fill", reason: "gold only" },
      ],
    },
  });
  const fill = (what: string, caller: object) =>
    call(optimizer, "run_code", { code: `return await safe.fill({ with: "${what}" })` }, caller);
  expect((await fill("gold", WRITER)).isError).toBe(false);
  expect((await fill("lead", WRITER)).text).toContain("gold only");
  expect((await fill("gold", READER)).isError).toBe(true);
  expect(reached).toEqual(['safe.fill {"with":"gold"}']);
});
