import {
  DEFAULT_FEATURE_FLAGS,
  OptimizerError,
  ResponseEnvelopeSchema,
  type ExecutionMode,
  type JsonObject,
  type JsonValue,
} from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import { defineAdaptor } from "../../src/intents/adaptor.ts";
import { CodeExecutor } from "../../src/intents/code-executor.ts";
import { defineIntent, type Intent } from "../../src/intents/intent.ts";
import { createIntentRegistry } from "../../src/intents/intent-registry.ts";
import { IntentRouter } from "../../src/intents/intent-router.ts";
import type { RunReport } from "../../src/run/run-report.ts";

const schema = { type: "object", properties: {} };
const CATALOGUE = buildCatalogue([
  { name: "git", status: { state: "ready" }, tools: [{ name: "git_log", inputSchema: schema }] },
]);
const input = z.object({ limit: z.int().max(10).default(5) });

const SIMPLE = defineIntent({
  name: "list_commits",
  description: "Commits",
  input,
  simple: true,
  tool: { name: "git.git_log", args: ({ limit }) => ({ maxCount: limit }) },
  code: "return await git.git_log({ maxCount: params.limit })",
});

/** A router whose tool and program answer as told, and what was asked of them. */
function surroundings(
  mode: ExecutionMode,
  intents: readonly Intent[],
  answers: { tool?: () => JsonValue; program?: () => Partial<RunReport> } = {},
) {
  const asked: string[] = [];
  const registry = createIntentRegistry([], intents);
  const run = async (request: { code: string; params?: JsonObject }): Promise<RunReport> => {
    asked.push(`program ${JSON.stringify(request.params)}`);
    const tokens = { program: 3, answer: 4 };
    const nothing = {
      omitted: [],
      warnings: [],
      console: [],
      consoleOmittedBytes: 0,
      calls: [],
      durationMs: 1,
    };
    return { runId: "r_1", tokens, ...nothing, ...(answers.program?.() ?? { value: "by program" }) };
  };
  const router = new IntentRouter({
    mode,
    registry,
    catalogue: () => CATALOGUE,
    callTool: async ({ name, args }) => {
      asked.push(`${name} ${JSON.stringify(args)}`);
      return { runId: "r_2", calls: [], value: answers.tool?.() ?? "by tool" };
    },
    run,
    onFallback: (intent, { code }) => asked.push(`fallback ${intent} ${code}`),
  });
  const executor = new CodeExecutor({
    flags: { ...DEFAULT_FEATURE_FLAGS, executionMode: mode },
    registry,
    router,
    run,
    tokenCounter: { encoding: "letters", count: (text) => text.length },
    elapsed: () => 0,
    log: () => undefined,
  });
  return { router, executor, asked };
}

const fails = (code: OptimizerError["code"], data?: JsonObject) => (): never => {
  throw new OptimizerError(code, { detail: "as told", data });
};

describe("a router", () => {
  test.each<[ExecutionMode, string, string[]]>([
    ["mcp_only", "tool", ['git.git_log {"maxCount":5}']],
    ["code_execution", "code", ['program {"limit":5}']],
    ["hybrid", "tool", ['git.git_log {"maxCount":5}']],
  ])("in %s takes a simple intent by its %s", async (mode, route, expected) => {
    const { router, asked } = surroundings(mode, [SIMPLE]);
    expect(await router.route("list_commits", {})).toMatchObject({ route });
    expect(asked).toEqual(expected);
  });

  test.each([["tool_failed"], ["upstream_failed", { notApplied: true }]] as const)(
    "in hybrid falls back to the program after %s",
    async (code, data?: JsonObject) => {
      const { router, asked } = surroundings("hybrid", [SIMPLE], { tool: fails(code, data) });
      expect(await router.route("list_commits", { limit: 1 })).toMatchObject({
        value: "by program",
        route: "fallback",
      });
      expect(asked).toEqual([
        'git.git_log {"maxCount":1}',
        `fallback list_commits ${code}`,
        'program {"limit":1}',
      ]);
    },
  );

  test.each(["upstream_failed", "timeout", "outcome_unknown", "cancelled", "policy_denied"] as const)(
    "never repeats what may have happened, or is forbidden: %s",
    async (code) => {
      const { router, asked } = surroundings("hybrid", [SIMPLE], { tool: fails(code) });
      await expect(router.route("list_commits", {})).rejects.toMatchObject({ code });
      expect(asked).toHaveLength(1);
    },
  );

  test("in mcp_only runs no program", async () => {
    const coded = defineIntent({ name: "sum", description: "", input, code: "return 1" });
    const { router, asked } = surroundings("mcp_only", [coded]);
    await expect(router.route("sum", {})).rejects.toMatchObject({ code: "policy_denied" });
    expect(asked).toEqual([]);
  });

  test("takes an intent that is not simple by its program, and one without by its tool", async () => {
    const tool = { name: "git.git_log" };
    const both = defineIntent({ name: "both", description: "", input, tool, code: "return 1" });
    const only = defineIntent({ name: "only", description: "", input, tool });
    const { router } = surroundings("hybrid", [both, only]);
    expect((await router.route("both", {})).route).toBe("code");
    expect((await router.route("only", {})).route).toBe("tool");
  });

  test("calls a function with typed parameters", async () => {
    const own = defineIntent({
      name: "own",
      description: "",
      input: z.object({ a: z.number() }),
      output: z.object({ twice: z.number(), log: z.string() }),
      run: async ({ a }, { callTool }) => ({ twice: 2 * a, log: String(await callTool("git.git_log")) }),
    });
    const { router } = surroundings("hybrid", [own]);
    expect((await router.route("own", { a: 2 })).value).toEqual({ twice: 4, log: "by tool" });
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
    const { router } = surroundings("hybrid", [intent]);
    const error = await router.route("list_commits", params).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(says);
  });

  test("suggests the name that was meant", async () => {
    const { router } = surroundings("hybrid", [SIMPLE]);
    await expect(router.route("list_commit", {})).rejects.toThrow(/did you mean list_commits/);
  });
});

describe("an executor", () => {
  test("answers in envelopes that fit the published schema", async () => {
    const { executor } = surroundings("hybrid", [SIMPLE], {
      program: () => ({
        error: { code: "program_failed", message: "The program failed: x", position: { line: 1, column: 2 } },
      }),
    });
    const answers = [
      await executor.executeIntent("list_commits", {}),
      await executor.executeIntent("list_commits", { limit: 99 }),
      await executor.executeIntent("none", {}),
      await executor.executeCode("return 1"),
      executor.errorResponse("no", 403),
    ];
    for (const answer of answers) expect(ResponseEnvelopeSchema.parse(answer)).toEqual(answer);
    expect(answers[0]).toMatchObject({
      jsonrpc: "2.0",
      result: {
        status: "success",
        data: "by tool",
        metadata: { mode: "hybrid", route: "tool", cache_hit: false },
      },
      schema: "https://mcp-optimizer.dev/schemas/response/v2",
    });
    expect(answers.map((answer) => ("error" in answer ? answer.error.code : 200))).toEqual([
      200, 400, 400, 500, 403,
    ]);
    expect(answers[3]).toMatchObject({
      error: { message: "The program failed: x", data: { code: "program_failed" } },
    });
  });

  test("refuses a request that would cost too many tokens, before anything runs", async () => {
    const { executor, asked } = surroundings("hybrid", [
      defineIntent({
        name: "long",
        description: "",
        input: z.object({ text: z.string() }),
        code: "return 1",
      }),
    ]);
    const answer = await executor.executeIntent("long", { text: "x".repeat(1_000) });
    expect(answer).toMatchObject({ error: { code: 429, data: { code: "token_limit" } } });
    expect(asked).toEqual([]);
  });
});

describe("definitions", () => {
  const base = { description: "", input };
  test.each([
    [() => defineIntent({ ...base, name: "List", code: "1" }), /lower case/],
    [() => defineIntent({ ...base, name: "list" }), /needs a tool/],
    [() => defineIntent({ ...base, name: "list", simple: true, code: "1" }), /names none/],
    [() => defineIntent({ ...base, name: "list", code: "1", run: async () => 1 }), /one of them/],
    [() => defineAdaptor({ name: "Git", description: "", intents: [SIMPLE] }), /lower case/],
    [() => defineAdaptor({ name: "git", description: "", intents: [] }), /no intents/],
    [() => defineAdaptor({ name: "git", description: "", intents: [SIMPLE, SIMPLE] }), /two intents named/],
    [() => createIntentRegistry([], [SIMPLE, SIMPLE]), /defined by/],
    [
      () => {
        const git = { name: "git", description: "", intents: [] };
        createIntentRegistry([git, git]);
      },
      /two adaptors named git/,
    ],
  ])("that make no sense are named: %#", (define, says) => {
    expect(define).toThrow(says);
  });
});
