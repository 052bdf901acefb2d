import { createFixtureToolbox, createInMemoryProvider } from "@mcp-optimizer/testkit";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineIntent, type IntentOptions } from "../../src/intents/intent.ts";
import { createEngine } from "./engine.ts";
import { gitServer, tool } from "./fixture-tools.ts";

const input = z.object({
  limit: z.int(),
  name: z.string().optional(),
  kind: z.enum(["fix", "feature"]).default("fix"),
  filter: z.object({ since: z.string() }).optional(),
  any: z.unknown().optional(),
});

async function findings(options: Partial<IntentOptions<z.ZodType, z.ZodType>>): Promise<readonly string[]> {
  const intent = defineIntent({ name: "it", description: "", input, ...options });
  const kinds = tool([], "make", {
    kind: { type: "string", enum: ["bug", "chore"] },
    deep: { type: "object" },
  });
  const other = createInMemoryProvider("issues", [kinds]);
  const { intents } = await createEngine({ upstreams: [gitServer([]), other], intents: [intent] });
  return intents.states[0]!.findings;
}

describe("an intent that contradicts itself", () => {
  test.each<[string, string, RegExp]>([
    [
      "a parameter that the schema has not",
      "return params.limt",
      /line 1, column 15: .*no `limt`; did you mean `limit`/,
    ],
    [
      "one taken apart",
      "const { limit, nme } = params; return [limit, nme]",
      /no `nme`; did you mean `name`/,
    ],
    ["one of an alias", "const p = params; return p.limt", /no `limt`/],
    ["one deep down", "return params.filter.sinc", /no `sinc`; did you mean `since`/],
    [
      "a type that the tool does not take",
      "return await git.git_log({ max_count: params.name })",
      /is a string; it must be integer/,
    ],
    [
      "through a variable",
      "const { name } = params; return git.git_log({ max_count: name })",
      /must be integer/,
    ],
    [
      "a choice that the tool has not",
      "return await issues.make({ kind: params.kind })",
      /"fix"; it must be one of "bug"/,
    ],
    [
      "an object for a text",
      "return await git.git_commit({ message: params.filter })",
      /is an object; it must be string/,
    ],
    ["all of them", "return await git.git_log(params)", /`limit` does not exist/],
    ["a tool that does not exist", "return await git.git_lg({})", /no tool `git\.git_lg`. Did you mean/],
    ["a server that does not exist", "return await github.list({})", /`github` is not defined/],
    ["what is no program", "return (", /The program cannot be run: .*line \d/],
  ])("is named: %s", async (_name, code, says) => {
    const found = await findings({ code });
    expect(found.join("\n")).toMatch(says);
  });

  test.each<[string, IntentOptions<z.ZodType, z.ZodType>["tool"], RegExp]>([
    ["a tool that does not exist", { name: "git.git_lg" }, /its tool: There is no tool `git\.git_lg`/],
    [
      "parameters that its tool does not take",
      { name: "git.git_log" },
      /its tool: `git\.git_log`: `limit` does not exist/,
    ],
  ])("is named: %s", async (_name, by, says) => {
    expect((await findings({ tool: by! })).join("\n")).toMatch(says);
  });

  test.each<[string, string]>([
    ["what the schema has", "return [params.limit, params.name, params.kind, params.filter?.since]"],
    ["what may be anything", "return params.any.thing"],
    ["a name that it asks for", "return params.limt ?? 1"],
    ["a name that it writes", "params.more = 1; return params.more"],
    ["what every object has", "return params.toString()"],
    ["a value that it writes", "params.name = 3; return await git.git_log({ max_count: params.name })"],
    ["parameters of the right type", "return await git.git_log({ max_count: params.limit })"],
    ["a copy of all", "return { ...params, done: true }"],
    ["names of every guest", "return [crypto.randomUUID(), structuredClone({}), await tools.search('x')]"],
    ["a variable of that name", "return [{ a: 1 }].map((params) => params.a)"],
  ])("is not seen in %s", async (_name, code) => {
    expect(await findings({ code })).toEqual([]);
  });

  test("is not seen in parameters that are not listed one by one", async () => {
    const open = z.record(z.string(), z.number());
    expect(await findings({ input: open, code: "return params.anything" })).toEqual([]);
    const either = z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]);
    expect(await findings({ input: either, code: "return params.a ?? params.b" })).toEqual([]);
    const loose = z.looseObject({ a: z.string() });
    expect(await findings({ input: loose, code: "return params.more" })).toEqual([]);
  });

  test("takes the parameters as transformations leave them", async () => {
    const dated = z.object({ day: z.string().transform((text) => ({ text })) });
    expect(await findings({ input: dated, code: "return params.day.text" })).toEqual([]);
  });
});

describe("contradictions follow the catalogue", () => {
  const intent = defineIntent({
    name: "it",
    description: "",
    input: z.object({}),
    code: "return await late.tool({})",
  });

  test("named in the log, calls refused, and all well once the tool is there", async () => {
    const toolbox = createFixtureToolbox([tool([], "other", {})]);
    const late = createInMemoryProvider("late", toolbox);
    const { intents, logged, settle } = await createEngine({ upstreams: [late], intents: [intent] });
    expect(logged.join("\n")).toMatch(/warn: The intent it cannot be called: .*no tool `late\.tool`/);
    await expect(intents.router.route("it", {})).rejects.toMatchObject({
      code: "conflict",
      data: { findings: [expect.stringMatching(/late\.tool/)] },
    });
    toolbox.add(tool([], "tool", {}));
    await settle();
    expect((await intents.router.route("it", {})).value).toBe("done");
  });

  test("a server that is away says nothing of its tools", async () => {
    const away = createInMemoryProvider("late", []);
    away.setStatus({ state: "connecting" });
    const { intents } = await createEngine({ upstreams: [away], intents: [intent] });
    expect(intents.states[0]).toMatchObject({ findings: [], effect: "unknown" });
  });
});
