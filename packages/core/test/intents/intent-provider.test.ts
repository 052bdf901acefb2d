import type { JsonObject } from "@mcp-optimizer/contracts";
import { createFixtureToolbox, createInMemoryProvider } from "@mcp-optimizer/testkit";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineIntent, type Intent, type IntentOptions } from "../../src/intents/intent.ts";
import { createEngine, type EngineOptions } from "./engine.ts";
import { gitServer, tool, type Calls } from "./fixture-tools.ts";

const none = z.object({});
const intent = (name: string, options: Partial<IntentOptions<z.ZodType, z.ZodType>>): Intent =>
  defineIntent({ name, description: `does ${name}`, input: none, ...options });

async function engineOf(intents: readonly Intent[], options: Partial<EngineOptions> = {}) {
  const calls: Calls = [];
  const engine = await createEngine({ upstreams: [gitServer(calls)], intents, ...options });
  return { ...engine, calls };
}

describe("intents as tools", () => {
  test("have the schemas of their zod types", async () => {
    const input = z.object({ limit: z.int().max(10).default(5).describe("how many") });
    const output = z.object({ commits: z.int() });
    const { store } = await engineOf([intent("latest", { input, output, code: "return git.git_log({})" })]);
    const found = store.current.resolve("intents.latest")!.definition;
    expect(found).toMatchObject({
      description: "does latest",
      inputSchema: { type: "object", properties: { limit: { type: "integer", description: "how many" } } },
      outputSchema: { type: "object", properties: { commits: { type: "integer" } } },
    });
  });

  test.each<[string, Partial<IntentOptions<z.ZodType, z.ZodType>>, JsonObject]>([
    ["a program that reads", { code: "return await git.git_log({})" }, { readOnlyHint: true }],
    ["a program without tools", { code: "return 1" }, { readOnlyHint: true }],
    [
      "one that reads and writes",
      { code: "await git.git_log({}); return git.git_commit({})" },
      { readOnlyHint: false, destructiveHint: false },
    ],
    [
      "one that destroys",
      { code: "await git.git_commit({}); return git.git_reset({})" },
      { readOnlyHint: false, destructiveHint: true },
    ],
    ["one of whose tools nobody says what it does", { code: "return git.git_fail({})" }, {}],
    [
      "one that may call anything",
      { code: "return tools.call(String(Math.random()), {})" },
      { readOnlyHint: false, destructiveHint: true },
    ],
    ["a tool that reads", { tool: { name: "git.git_log" } }, { readOnlyHint: true }],
    [
      "a tool that reads and a program that writes",
      { tool: { name: "git.git_log" }, code: "return git.git_commit({})" },
      { readOnlyHint: false, destructiveHint: false },
    ],
    ["a function", { run: async () => 1 }, {}],
    ["a function that says so", { run: async () => 1, effect: "read" }, { readOnlyHint: true }],
  ])("say what they do: %s", async (_name, options, annotations) => {
    const { store } = await engineOf([intent("it", options)]);
    expect(store.current.resolve("intents.it")!.definition.annotations).toEqual(annotations);
  });

  test("say what the intents do that they call", async () => {
    const { store } = await engineOf([
      intent("outer", { code: "return await intents.inner({})" }),
      intent("inner", { code: "return await intents.innermost({})" }),
      intent("innermost", { code: "return await git.git_log({})" }),
    ]);
    const hints = ["outer", "inner", "innermost"].map(
      (name) => store.current.resolve(`intents.${name}`)!.definition.annotations?.readOnlyHint,
    );
    expect(hints).toEqual([true, true, true]);
  });

  test("are called by programs and by each other, within one run", async () => {
    const input = z.object({ count: z.int() });
    const { run, calls } = await engineOf([
      intent("outer", { input, code: "return { outer: await intents.inner({ count: params.count + 1 }) }" }),
      intent("inner", {
        input,
        tool: { name: "git.git_log", args: ({ count }: never) => ({ max_count: count }) } as never,
      }),
    ]);
    const { report } = await run("return await intents.outer({ count: 1 })");
    expect(report.value).toEqual({ outer: { commits: 2 } });
    expect(report.calls.map(({ tool: name }) => name)).toEqual([
      "git.git_log",
      "intents.inner",
      "intents.outer",
    ]);
    expect(calls).toEqual(['git_log {"max_count":2}']);
  });

  test("whose program fails say so to the program that called them", async () => {
    const { run } = await engineOf([intent("bad", { code: "throw new Error('as told')" })]);
    const { report } = await run("return await intents.bad({})");
    expect(report.error).toMatchObject({
      code: "program_failed",
      message: expect.stringMatching(/as told/) as string,
    });
  });

  test("a function with an effect of its own is one call of the log, planned and not made before the answer", async () => {
    const made: string[] = [];
    const own = intent("send", {
      effect: "write",
      run: async () => {
        made.push("sent");
        return { sent: true };
      },
    });
    const rules = [{ decide: "ask", tool: "git_commit" }] as const;
    const { executor } = await engineOf([own], { policy: { rules } });
    const code = "await git.git_commit({ message: 'm' }); return await intents.send({})";
    const states: string[] = [];
    const first = await executor.run({ code, onApproval: ({ state }) => void states.push(state) });
    expect(first.report.error?.code).toBe("approval_required");
    expect(made).toEqual([]);
    const approval = { state: states[0]!, approved: true };
    const { report } = await executor.run({ code, approval });
    expect(report.value).toEqual({ sent: true });
    await executor.run({ code, runId: report.runId });
    expect(made).toEqual(["sent"]);
  });
});

describe("the list of intents", () => {
  test("leaves out what needs what is not here, says why, and takes it in when it comes", async () => {
    const toolbox = createFixtureToolbox();
    const late = createInMemoryProvider("late", toolbox);
    const needing = intent("needing", { requires: ["late"], code: "return await late.tool({})" });
    const { store, intents, logged, settle } = await engineOf([needing], { upstreams: [late] });
    expect(store.current.resolve("intents.needing")).toBeUndefined();
    expect(intents.router.state("needing").missing).toEqual(["late"]);
    expect(logged).toContain("info: The intent needing is not listed: it needs late");
    toolbox.add(tool([], "tool", {}));
    await settle();
    expect(store.current.resolve("intents.needing")).toBeDefined();
  });

  test("follows the registry at once", async () => {
    const { store, intents, run } = await engineOf([]);
    intents.registry.add(intent("added", { code: "return 'here'" }));
    expect(store.current.resolve("intents.added")).toBeDefined();
    expect((await run("return await intents.added({})")).report.value).toBe("here");
    intents.registry.remove("added");
    expect(store.current.resolve("intents.added")).toBeUndefined();
  });

  test("forgets its listeners when it is closed", async () => {
    const { intents } = await engineOf([]);
    let told = 0;
    intents.provider.onChange(() => (told += 1));
    await intents.provider.dispose();
    intents.registry.add(intent("added", { code: "return 1" }));
    expect(told).toBe(0);
  });
});
