import type { ExecutionMode, JsonObject, ToolResult } from "@mcp-optimizer/contracts";
import {
  createFixtureToolbox,
  createInMemoryProvider,
  createStandardToolbox,
  type FixtureTool,
} from "@mcp-optimizer/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { createOptimizer } from "../../src/create-optimizer.ts";
import type { Optimizer, OptimizerOptions } from "../../src/optimizer.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import { NO_SANDBOX } from "./no-sandbox.ts";

/** Every kind of content that there is, with fields that no revision knows, in a result that has all it can have. */
const EVERYTHING: ToolResult = {
  _meta: { "example.com/trace": { id: "1" } },
  content: [
    { type: "text", text: '{"a": 1}', annotations: { audience: ["user"], priority: 0.5 }, _meta: { k: 1 } },
    { type: "image", data: "aGk=", mimeType: "image/png" },
    { type: "audio", mimeType: "audio/wav", data: "aGk=" },
    {
      type: "resource_link",
      uri: "file:///a.txt",
      name: "a",
      description: "A",
      size: 3,
      icons: [{ src: "x" }],
    },
    { type: "resource", resource: { uri: "file:///a.txt", text: "a\u0000b", mimeType: "text/plain" } },
    { type: "resource", resource: { uri: "file:///a.bin", blob: "AAECAw==", _meta: { deep: [null, 1.5] } } },
    { type: "hologram", depth: 3, vendor: { kept: [true, null] } },
  ],
  structuredContent: { rows: [{ id: 9007199254740991, name: "ü", none: null }], "odd key": {} },
  vendorResult: ["kept", { nested: "too" }],
};

const giving = (name: string, result: ToolResult): FixtureTool => ({
  definition: { name, description: `Gives ${name}.`, inputSchema: { type: "object", properties: {} } },
  call: () => structuredClone(result),
});

async function optimizerOf(mode: ExecutionMode, options: Partial<OptimizerOptions> = {}): Promise<Optimizer> {
  const box = createFixtureToolbox([
    giving("everything", EVERYTHING),
    giving("failed", { ...EVERYTHING, isError: true }),
    giving("empty", { content: [] }),
  ]);
  const optimizer = await createOptimizer({
    upstreams: [
      createInMemoryProvider("kinds", box),
      createInMemoryProvider("fixture", createStandardToolbox()),
    ],
    sandbox: NO_SANDBOX,
    flags: { executionMode: mode },
    ...options,
  });
  onTestFinished(() => optimizer.dispose());
  return optimizer;
}

const textOf = ({ content }: ToolResult): string => content.map(({ text }) => text as string).join("\n");

describe("an upstream tool that is passed through", () => {
  test.each([
    ["kinds__everything", EVERYTHING],
    ["kinds__failed", { ...EVERYTHING, isError: true }],
    ["kinds__empty", { content: [] }],
  ])("%s: the result is the server's, to the last field", async (name, result) => {
    const optimizer = await optimizerOf("mcp_only");
    const answer = await optimizer.callTool(name, {});
    expect(answer).toEqual(result);
    expect(JSON.stringify(answer)).toBe(JSON.stringify(result));
  });

  test("gets the arguments as they were sent", async () => {
    const args = { text: "ü\u0000 {}" };
    const answer = await (await optimizerOf("mcp_only")).callTool("fixture__echo", args);
    expect(textOf(answer)).toBe(args.text);
  });

  test("answers an error of the protocol, or wrong arguments, with the code and what can be done", async () => {
    const optimizer = await optimizerOf("mcp_only");
    const rejected = await optimizer.callTool("fixture__reject", { code: -32_001, message: "no such row" });
    expect(rejected).toMatchObject({
      isError: true,
      _meta: { "mcp-optimizer/error": { code: "upstream_failed", data: { rpcCode: -32_001 } } },
    });
    expect(textOf(rejected)).toMatch(/^upstream_failed: .*no such row/);
    const wrong = await optimizer.callTool("fixture__add", { a: 1 });
    expect(wrong.isError).toBe(true);
    expect(textOf(wrong)).toMatch(/^invalid_params: .*b.*fixture\.add\(args: \{ a: number; b: number \}\)/);
  });

  test("is cancelled with its request", async () => {
    const optimizer = await optimizerOf("mcp_only");
    const stop = new AbortController();
    const began = Promise.withResolvers<void>();
    const answer = optimizer.callTool(
      "fixture__wait",
      {},
      { signal: stop.signal, onProgress: () => began.resolve() },
    );
    await began.promise;
    stop.abort();
    await expect(answer).resolves.toMatchObject({ isError: true });
    const counted = await optimizer.callTool("fixture__cancelled", {});
    expect(counted.structuredContent).toEqual({ cancelled: 1, waiting: 0 });
  });
});

describe("call_tool", () => {
  test.each(["kinds.everything", "kinds__everything", "everything", "kinds/everything"])(
    "takes the name %s, and gives the raw result",
    async (name) => {
      const optimizer = await optimizerOf("hybrid");
      expect(await optimizer.callTool("call_tool", { name, args: {} })).toEqual(EVERYTHING);
      expect(await optimizer.callTool("call_tool", { name })).toEqual(EVERYTHING);
    },
  );

  test.each<[JsonObject, RegExp]>([
    [{ name: "fixture.ad", args: {} }, /^unknown_tool: .*"fixture\.ad"; did you mean fixture\.add/],
    [{ name: "zzzz" }, /^unknown_tool: .*find it with search_tools/],
    [{}, /^invalid_params: .*call_tool takes \{ name: string, args\?: object \}.*name/],
    [{ name: "fixture.add", args: [1] }, /^invalid_params: .*args/],
    [{ name: "fixture.add", arguments: {} }, /^invalid_params: .*arguments/],
  ])("says of %j what is wrong", async (args, message) => {
    const answer = await (await optimizerOf("hybrid")).callTool("call_tool", args);
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(message);
  });
});

describe("run_code", () => {
  test.each<[JsonObject, RegExp]>([
    [{}, /code is missing/],
    [{ code: "return 1", run: "r_1" }, /run waits for a program that was sent before; leave out code/],
    [{ run: "r_1", params: {} }, /leave out params/],
    [{ run: "" }, /run/],
    [{ code: 1 }, /code/],
    [{ code: "return 1", params: [1] }, /params/],
    [{ code: "return 1", language: "cobol" }, /no language "cobol"/],
    [{ code: "return 1", extra: 1 }, /extra/],
  ])("refuses %j", async (args, message) => {
    const answer = await (await optimizerOf("code_execution")).callTool("run_code", args);
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(/^invalid_params: /);
    expect(textOf(answer)).toMatch(message);
  });

  test("waits for a run by its id; there is none of an id that nobody was given", async () => {
    const answer = await (await optimizerOf("code_execution")).callTool("run_code", { run: "r_unheard" });
    expect(textOf(answer)).toMatch(/^not_found: /);
  });
});

describe("a name that is not in the list", () => {
  test.each<[ExecutionMode, string, RegExp]>([
    ["mcp_only", "run_code", /unknown_tool|"run_code"/],
    ["mcp_only", "fixture.add", /did you mean fixture__add\?/],
    ["mcp_only", "fixture__ad", /did you mean fixture__add\?/],
    ["code_execution", "call_tool", /there are search_tools and run_code/],
    ["code_execution", "fixture__add", /Upstream tools are called inside run_code/],
    ["hybrid", "fixture.add", /there are search_tools, run_code and call_tool\. did you mean fixture__add\?/],
  ])("in %s, %s is no tool", async (mode, name, message) => {
    const call = (await optimizerOf(mode)).callTool(name, {});
    await expect(call).rejects.toMatchObject({ code: "unknown_tool" });
    await expect(call).rejects.toThrow(message);
  });
});

describe("what the policy denies", () => {
  const policy = createPolicy({
    rules: [
      { decide: "deny", server: "fixture", tool: "add*" },
      { decide: "deny", server: "kinds", tenant: "guests" },
    ],
  });

  test("is neither listed nor found nor called, under any name", async () => {
    const optimizer = await optimizerOf("hybrid", { policy });
    expect(JSON.stringify(optimizer.modes.exposure({ tenant: "local" }, "mcp_only").tools)).not.toContain(
      "fixture__add",
    );
    await expect(optimizer.callTool("fixture__add", { a: 1, b: 2 })).rejects.toThrow(
      /unknown_tool|no tool|"fixture__add"/i,
    );
    for (const name of ["fixture.add", "add", "fixture__add"]) {
      const answer = await optimizer.callTool("call_tool", { name, args: { a: 1, b: 2 } });
      expect(textOf(answer)).toMatch(/^unknown_tool: /);
    }
    const found = await optimizer.callTool("search_tools", { query: "add two numbers" });
    expect(textOf(found)).not.toContain("fixture.add");
    expect(optimizer.catalogue.resolve("fixture.add")).toBeUndefined();
  });

  test("to one tenant is there for the others", async () => {
    const optimizer = await optimizerOf("hybrid", { policy });
    const args = { name: "kinds.everything" };
    expect(await optimizer.callTool("call_tool", args)).toEqual(EVERYTHING);
    expect(textOf(await optimizer.callTool("call_tool", args, { tenant: "guests" }))).toMatch(
      /^unknown_tool: /,
    );
    const found = await optimizer.callTool(
      "search_tools",
      { query: "gives everything" },
      { tenant: "guests" },
    );
    expect(textOf(found)).not.toContain("kinds");
  });
});

describe("hybrid", () => {
  test("changes over as tools come, says so, and takes the names of the list before", async () => {
    const box = createFixtureToolbox([giving("everything", EVERYTHING)]);
    const said: string[] = [];
    const optimizer = await optimizerOf("hybrid", {
      upstreams: [createInMemoryProvider("kinds", box)],
      log: ({ message }) => said.push(message),
    });
    expect(optimizer.tools.map(({ name }) => name)).toEqual(["run_code", "kinds__everything"]);
    const changed = new Promise<void>((resolve) => optimizer.onChange(resolve));
    const description = "Does what takes many words to say. ".repeat(60);
    box.add({
      ...giving("long", { content: [] }),
      definition: { ...box.tools[0]!.definition, name: "long", description },
    });
    await changed;
    expect(optimizer.tools.map(({ name }) => name)).toEqual(["search_tools", "run_code", "call_tool"]);
    expect(await optimizer.callTool("kinds__everything", {})).toEqual(EVERYTHING);
    expect(said).toEqual([
      expect.stringMatching(/^hybrid: the definitions of 1 tool have \d+ tokens, within .* passed through$/),
      expect.stringMatching(/^hybrid: the definitions of 2 tools have \d+ tokens, over .* found by search$/),
    ]);
  });
});

describe("pins of a configuration", () => {
  test("that no server has stop the start; others are listed", async () => {
    await expect(optimizerOf("hybrid", { pinned: ["fixture.adding"] })).rejects.toMatchObject({
      code: "config_invalid",
    });
    const { tools } = await optimizerOf("hybrid", { pinned: ["fixture.add"] });
    expect(tools.map(({ name }) => name)).toEqual(["search_tools", "run_code", "call_tool", "fixture__add"]);
  });
});

test.each(["hybrid", "mcp_only"] as const)("arguments nested without end are refused in %s", async (mode) => {
  const optimizer = await optimizerOf(mode, { pinned: ["fixture.echo"] });
  let deep: JsonObject = {};
  for (let level = 0; level < 20_000; level += 1) deep = { deep };
  const result = await optimizer.callTool("fixture__echo", { text: "x", deep });
  expect(result).toMatchObject({ isError: true });
  expect(result.content[0]!["text"]).toMatch(/^invalid_params: .*256 levels/u);
});
