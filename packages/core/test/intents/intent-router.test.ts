import {
  OptimizerError,
  ResponseEnvelopeSchema,
  type ExecutionMode,
  type JsonObject,
  type PendingApproval,
} from "@mcp-optimizer/contracts";
import { createInMemoryProvider } from "@mcp-optimizer/testkit";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineIntent, type Intent } from "../../src/intents/intent.ts";
import type { PolicySettings } from "../../src/policy/policy-rules.ts";
import { createEngine, type EngineOptions } from "./engine.ts";
import { gitServer, type Calls } from "./fixture-tools.ts";

const input = z.object({ limit: z.int().max(10).default(5) });
const none = z.object({});

const SIMPLE = defineIntent({
  name: "list_commits",
  description: "Commits",
  input,
  simple: true,
  tool: { name: "git.git_log", args: ({ limit }) => ({ max_count: limit }) },
  code: "return { byProgram: await git.git_log({ max_count: params.limit }) }",
});

async function engineOf(intents: readonly Intent[], options: Partial<EngineOptions> = {}) {
  const calls: Calls = [];
  const engine = await createEngine({ upstreams: [gitServer(calls)], intents, ...options });
  return { ...engine, calls, router: engine.intents.router };
}

describe("a router", () => {
  test.each<[ExecutionMode, string, JsonObject]>([
    ["mcp_only", "tool", { commits: 5 }],
    ["code_execution", "code", { byProgram: { commits: 5 } }],
    ["hybrid", "tool", { commits: 5 }],
  ])("in %s takes a simple intent by its %s", async (mode, route, value) => {
    const { router, calls, metrics } = await engineOf([SIMPLE], { mode });
    expect(await router.route("list_commits", {})).toMatchObject({ route, value });
    expect(calls).toEqual(['git_log {"max_count":5}']);
    expect(metrics.counters).toEqual([
      { name: "intent_routes_total", labels: { route, intent: "list_commits" }, value: 1 },
    ]);
  });

  test("in hybrid falls back to the program after the tool has failed, and counts it", async () => {
    const failing = defineIntent({
      name: "list_commits",
      description: "",
      input,
      simple: true,
      tool: { name: "git.git_fail", args: () => ({}) },
      code: "return await git.git_log({ max_count: params.limit })",
    });
    const { router, calls, metrics } = await engineOf([failing]);
    expect(await router.route("list_commits", { limit: 1 })).toMatchObject({
      value: { commits: 1 },
      route: "fallback",
    });
    expect(calls).toEqual(["git_fail {}", 'git_log {"max_count":1}']);
    expect(metrics.value("intent_routes_total", { intent: "list_commits", route: "fallback" })).toBe(1);
    const { router: only } = await engineOf([failing], { mode: "mcp_only" });
    await expect(only.route("list_commits", {})).rejects.toMatchObject({ code: "tool_failed" });
  });

  test.each(["upstream_failed", "timeout", "cancelled"] as const)(
    "never repeats what may have happened: %s",
    async (code) => {
      const calls: Calls = [];
      const server = {
        ...gitServer(calls),
        callTool: async (name: string) => {
          calls.push(name);
          throw new OptimizerError(code, { detail: "as told" });
        },
      };
      const { router } = await engineOf([SIMPLE], { upstreams: [server] });
      await expect(router.route("list_commits", {})).rejects.toMatchObject({ code });
      expect(calls).toEqual(["git_log"]);
    },
  );

  test("goes on to the program when the call was certainly not sent", async () => {
    const calls: Calls = [];
    const server = gitServer(calls);
    let first = true;
    const flaky: typeof server = Object.create(server, {
      callTool: {
        value: async (...args: Parameters<typeof server.callTool>) => {
          if (!first) return await server.callTool(...args);
          first = false;
          throw new OptimizerError("upstream_failed", { data: { notApplied: true } });
        },
      },
    }) as typeof server;
    const { router } = await engineOf([SIMPLE], { upstreams: [flaky] });
    expect((await router.route("list_commits", {})).route).toBe("fallback");
  });

  test("in mcp_only runs no program", async () => {
    const coded = defineIntent({ name: "sum", description: "", input, code: "return 1" });
    const { router } = await engineOf([coded], { mode: "mcp_only" });
    await expect(router.route("sum", {})).rejects.toMatchObject({ code: "policy_denied" });
  });

  test("takes an intent that is not simple by its program, and one without by its tool", async () => {
    const tool = { name: "git.git_log", args: () => ({}) };
    const both = defineIntent({ name: "both", description: "", input, tool, code: "return 1" });
    const only = defineIntent({ name: "only", description: "", input, tool });
    const { router } = await engineOf([both, only]);
    expect(await router.route("both", {})).toMatchObject({ route: "code", value: 1 });
    expect((await router.route("only", {})).route).toBe("tool");
  });

  test("calls a function with typed parameters, as one run of the log", async () => {
    const own = defineIntent({
      name: "own",
      description: "",
      input: z.object({ a: z.number() }),
      output: z.object({ twice: z.number(), log: z.unknown() }),
      run: async ({ a }, { callTool }) => ({
        twice: 2 * a,
        log: await callTool("git.git_log", { max_count: 1 }),
      }),
    });
    const { router, calls } = await engineOf([own]);
    const { runId, ...routed } = await router.route("own", { a: 2 });
    expect(routed).toEqual({ value: { twice: 4, log: { commits: 1 } }, route: "code", tokens: 0 });
    // The same run again repeats nothing.
    expect((await router.route("own", { a: 2 }, { runId })).value).toEqual(routed.value);
    expect(calls).toEqual(['git_log {"max_count":1}']);
  });

  test.each<[string, unknown, string]>([
    ["an object", { a: [1] }, "return { a: [1] }"],
    ["a list", [1, "2"], 'return [1, "2"]'],
    ["a text that looks like JSON", "[1]", 'return "[1]"'],
    ["a number", 5, "return 5"],
    ["nothing", null, "return null"],
  ])("gives %s back as it is", async (_name, value, code) => {
    const { router, run } = await engineOf([
      defineIntent({ name: "it", description: "", input: none, code }),
    ]);
    expect((await router.route("it", {})).value).toEqual(value);
    expect((await run("return { it: await intents.it({}) }")).report.value).toEqual({ it: value });
  });

  test.each<[string, Intent, JsonObject, string, RegExp]>([
    ["parameters that do not fit", SIMPLE, { limit: 11 }, "invalid_params", /params\.limit/],
    [
      "a need that is not there",
      defineIntent({ name: "list_commits", description: "", input, requires: ["git", "github"], code: "1" }),
      {},
      "upstream_failed",
      /needs github/,
    ],
    [
      "a value that is not what was promised",
      defineIntent({
        name: "list_commits",
        description: "",
        input,
        output: z.object({ n: z.number() }),
        code: "1",
      }),
      {},
      "program_failed",
      /what list_commits gave/,
    ],
  ])("says what is wrong: %s", async (_name, intent, params, code, says) => {
    const { router } = await engineOf([intent]);
    const error = await router.route("list_commits", params).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(says);
  });

  test("suggests the name that was meant", async () => {
    const { router } = await engineOf([SIMPLE]);
    await expect(router.route("list_commit", {})).rejects.toThrow(/did you mean list_commits/);
  });

  test.each<[string, PolicySettings]>([
    ["by name", { rules: [{ decide: "ask", server: "git", tool: "git_commit" }] }],
    ["by effect", { default: { write: "ask" } }],
  ])(
    "asks for the writes of an intent %s, makes none before the answer, each once after it",
    async (_name, policy) => {
      const commit = defineIntent({
        name: "commit",
        description: "",
        input: z.object({ message: z.string() }),
        code: "await git.git_log({}); return await git.git_commit({ message: params.message })",
      });
      const { router, calls } = await engineOf([commit], { policy });
      const asked: PendingApproval[] = [];
      const onApproval = (pending: PendingApproval): void => void asked.push(pending);
      await expect(router.route("commit", { message: "m" }, { onApproval })).rejects.toMatchObject({
        code: "approval_required",
      });
      expect(asked[0]!.request.calls).toMatchObject([{ tool: "git.git_commit", args: { message: "m" } }]);
      expect(calls).toEqual(["git_log {}"]);
      const approval = { state: asked[0]!.state, approved: true };
      expect((await router.route("commit", { message: "m" }, { approval })).value).toEqual({ sha: "abc" });
      expect(calls.filter((call) => call.startsWith("git_commit"))).toHaveLength(1);
      await expect(router.route("commit", { message: "other" }, { approval })).rejects.toMatchObject({
        code: "approval_rejected",
      });
    },
  );

  test("is held to what policy says of the intent itself", async () => {
    const rules = [{ decide: "deny", server: "intents", tool: "list_commits" }] as const;
    const { router, calls } = await engineOf([SIMPLE], { policy: { rules } });
    await expect(router.route("list_commits", {})).rejects.toMatchObject({ code: "policy_denied" });
    expect(calls).toEqual([]);
  });

  test("stops intents that call themselves, with a clear error", async () => {
    const loop = defineIntent({
      name: "loop",
      description: "",
      input: none,
      code: "return await intents.loop({})",
    });
    const own = defineIntent({
      name: "own",
      description: "",
      input: none,
      effect: "write",
      run: (_, { callTool }) => callTool("intents.own"),
    });
    const ping = defineIntent({
      name: "ping",
      description: "",
      input: none,
      code: "return await intents.pong({})",
    });
    const pong = defineIntent({
      name: "pong",
      description: "",
      input: none,
      run: (_, { callTool }) => callTool("intents.ping"),
    });
    const { router } = await engineOf([loop, own, ping, pong]);
    for (const name of ["loop", "own", "ping"]) {
      await expect(router.route(name, {}), name).rejects.toThrow(/4 deep; that is as deep as it goes/);
    }
  });

  test("hands tenant, session and signal on", async () => {
    const calls: Calls = [];
    const server = gitServer(calls);
    const seen: object[] = [];
    const watching = createInMemoryProvider("other", []);
    const spy: typeof server = Object.create(server, {
      callTool: {
        value: (...args: Parameters<typeof server.callTool>) => {
          const { tenant, session, signal } = args[2]!;
          seen.push({ tenant, session, aborted: signal?.aborted });
          return server.callTool(...args);
        },
      },
    }) as typeof server;
    const { router } = await engineOf([SIMPLE], { upstreams: [spy, watching] });
    const { signal } = new AbortController();
    await router.route("list_commits", {}, { tenant: "t", session: "s", signal });
    expect(seen).toEqual([{ tenant: "t", session: "s", aborted: false }]);
  });
});

describe("an executor", () => {
  test("answers in envelopes that fit the published schema", async () => {
    const { code } = await engineOf([SIMPLE]);
    const answers = [
      await code.executeIntent("list_commits", {}),
      await code.executeIntent("list_commits", { limit: 99 }),
      await code.executeIntent("none", {}),
      await code.executeCode("throw new Error('x')"),
      code.errorResponse("no", 403),
    ];
    for (const answer of answers) expect(ResponseEnvelopeSchema.parse(answer)).toEqual(answer);
    expect(answers[0]).toMatchObject({
      jsonrpc: "2.0",
      result: {
        status: "success",
        data: { commits: 5 },
        metadata: { mode: "hybrid", route: "tool", cache_hit: false },
      },
      schema: "https://mcp-optimizer.dev/schemas/response/v2",
    });
    expect(answers.map((answer) => ("error" in answer ? answer.error.code : 200))).toEqual([
      200, 400, 400, 500, 403,
    ]);
    expect(answers[3]).toMatchObject({ error: { data: { code: "program_failed" } } });
  });

  test("refuses a request that would cost too many tokens, before anything runs", async () => {
    const text = z.object({ text: z.string() });
    const long = defineIntent({
      name: "long",
      description: "",
      input: text,
      code: "return await git.git_log({})",
    });
    const { code, calls } = await engineOf([long]);
    const answer = await code.executeIntent("long", { text: "x".repeat(1_000) });
    expect(answer).toMatchObject({ error: { code: 429, data: { code: "token_limit" } } });
    expect(calls).toEqual([]);
  });
});
