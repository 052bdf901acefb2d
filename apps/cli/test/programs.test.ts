import { createRequire } from "node:module";
import { buildCatalogue } from "@mcp-optimizer/core";
import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { serve, testFolder, type Served, type TestFolder } from "./cli.ts";

const require = createRequire(import.meta.url);
const real = (name: string, ...args: string[]) => ({
  command: process.execPath,
  args: [require.resolve(`@modelcontextprotocol/server-${name}/dist/index.js`), ...args],
});

let folder: TestFolder;
let served: Served;
beforeAll(async () => {
  folder = await testFolder({
    fixture: fixtureServerCommand(),
    everything: real("everything"),
    memory: real("memory"),
  });
  served = await serve(folder.config);
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe("what the manifest says is true", () => {
  test("its servers and counts", async () => {
    const { tools } = await served.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["search_tools", "run_code", "call_tool"]);
    const counts = [...tools[0]!.description!.matchAll(/(\w+)\((\d+)\)/g)].map(([, name, count]) => [
      name,
      Number(count),
    ]);
    expect(counts.map(([name]) => name)).toEqual(["fixture", "everything", "memory"]);
    const { value } = await served.run(
      "return [fixture, everything, memory].map((server) => Object.keys(server).length)",
    );
    expect(value).toEqual(counts.map(([, count]) => count));
  });

  test("several needs are separated by a semicolon; signatures are TypeScript", async () => {
    const text = await served.search("add two numbers; create entities in the graph");
    expect(text).toContain("## add two numbers");
    expect(text).toContain("fixture.add(args: { a: number; b: number }): Promise<{ sum: number }>");
    expect(text).toContain("memory.create_entities(args: { entities: {");
  });

  test("TypeScript as an async function body; return the answer", async () => {
    expect((await served.run("const a: number = await Promise.resolve(2);\nreturn a * 2")).value).toBe(4);
  });

  test("a failed call throws", async () => {
    const { value } = await served.run(`
      try { await fixture.fail({ message: "no luck" }) }
      catch (error) { return { isTool: error instanceof ToolError, code: error.code, tool: error.tool, message: error.message } }`);
    expect(value).toEqual({
      isTool: true,
      code: "tool_failed",
      tool: "fixture.fail",
      message: "fixture.fail: The tool reported an error: no luck",
    });
  });

  test("JSON comes parsed, other text as string", async () => {
    const { value } = await served.run(
      "return [await fixture.add({ a: 1, b: 2 }), await everything.getSum({ a: 1, b: 2 }), await fixture.echo({ text: '{\"a\": [1]}' })]",
    );
    expect(value).toEqual([{ sum: 3 }, "The sum of 1 and 2 is 3.", { a: [1] }]);
  });

  test("tools.search(query) and console.log", async () => {
    const { value, console } = await served.run(
      "console.log('looking', { for: 1 });\nreturn (await tools.search('add two numbers')).needs[0].hits[0].path",
    );
    expect(value).toBe("fixture.add");
    expect(console).toEqual(["looking { for: 1 }"]);
  });

  test("no state between runs", async () => {
    await served.run("globalThis.kept = 1; Array.prototype.kept = 1");
    expect((await served.run("return [typeof kept, [].kept ?? null]")).value).toEqual(["undefined", null]);
  });

  test("a cut value comes with a handle that has it whole", async () => {
    const { value, omitted, handle } = await served.run(
      "return { rows: Array.from({ length: 5000 }, (_, id) => ({ id, text: 'row ' + id })) }",
    );
    const kept = (value as { rows: unknown[] }).rows.length;
    expect(omitted!.join()).toContain(`$.rows: ${kept} of 5000 items`);
    const name = /vault\.open\('(.+?)'\)/.exec(handle!)![1];
    expect((await served.run(`return (await vault.open("${name}")).rows.at(-1)`)).value).toEqual({
      id: 4999,
      text: "row 4999",
    });
  });
});

test("no server can take the name of something that programs have", async () => {
  const { value } = await served.run("return Object.getOwnPropertyNames(globalThis)");
  const own = new Set(["fixture", "everything", "memory"]);
  const servers = (value as string[])
    .filter((name) => !own.has(name))
    .map((name) => ({ name, status: { state: "ready" } as const, tools: [] }));
  expect(servers.length).toBeGreaterThan(60);
  const taken = buildCatalogue(servers).servers.filter(({ name, namespace }) => name === namespace);
  expect(taken.map(({ name }) => name)).toEqual([]);
});

describe("calls", () => {
  test("a tool has two spellings, and any name through tools.call", async () => {
    const { value } = await served.run(`return [
      await everything.getSum({ a: 1, b: 1 }), await everything["get-sum"]({ a: 1, b: 2 }), await tools.call("everything.get-sum", { a: 1, b: 3 })]`);
    expect(value).toEqual([2, 3, 4].map((sum) => expect.stringContaining(`is ${sum}.`)));
  });

  test("many at once; the answer counts them by tool", async () => {
    const { value, calls } = await served.run(
      "return (await Promise.all(Array.from({ length: 100 }, (_, a) => fixture.add({ a, b: 1 })))).reduce((all, { sum }) => all + sum, 0)",
    );
    expect(value).toBe(5050);
    expect(calls).toEqual([expect.stringMatching(/^fixture\.add ×100 \d+ ms$/)]);
  });

  const ADD = "fixture.add(args: { a: number; b: number }): Promise<{ sum: number }>";

  test.each([
    ["an unknown tool", "fixture.ad({})", "There is no tool `fixture.ad`. Did you mean `fixture.add`?", ADD],
    ["a missing argument", "fixture.add({ a: 1 })", "`fixture.add`: `b` is missing", ADD],
    [
      "a mistyped argument",
      "fixture.echo({ test: 'x' })",
      "`fixture.echo`: `test` does not exist; did you mean text?; `text` is missing",
      "fixture.echo(args: { text: string }): Promise<",
    ],
    ["a wrong type", "fixture.add({ a: '1', b: 2 })", '`fixture.add`: `a` is "1"; it must be number', ADD],
    [
      "arguments one by one",
      "fixture.add(1, 2)",
      "`fixture.add`: it takes one object of named arguments",
      ADD,
    ],
  ])("%s is found before anything runs", async (_, call, finding, signature) => {
    const { isError, error, calls } = await served.run(
      `await fixture.echo({ text: "first" });\nreturn await ${call};`,
    );
    expect({ isError, calls }).toEqual({ isError: true, calls: undefined });
    expect(error).toMatchObject({
      code: "program_invalid",
      message: "The program cannot be run: a mistake was found before anything ran",
      findings: [`2:14 ${finding}`],
      // What it gives was learned by then.
      signatures: [expect.stringContaining(signature)],
      line: 2,
      column: 14,
    });
  });

  test("several mistakes are told at once", async () => {
    const { error } = await served.run("await nobody.tool({});\nreturn await fixture.ad({})");
    expect(error).toMatchObject({
      code: "program_invalid",
      message: expect.stringContaining("2 mistakes were found"),
      findings: [expect.stringMatching(/^1:7 `nobody`/), expect.stringMatching(/^2:14 .*`fixture\.ad`/)],
    });
  });

  // What no check can know is computed by the program itself.
  test.each([
    [
      "an unknown tool",
      "fixture[compute('ad')]({})",
      "unknown_tool",
      /did you mean fixture\.add.*fixture\.add\(args: \{ a: number; b: number \}\)/,
    ],
    [
      "an unknown tool of tools.call",
      "tools.call(compute('fixture.ad'), {})",
      "unknown_tool",
      /did you mean fixture\.add.*fixture\.add\(args: \{ a: number; b: number \}\)/,
    ],
    [
      "a missing argument",
      "fixture.add(compute({ a: 1 }))",
      "invalid_params",
      /missing argument "b".*Signature: fixture\.add\(/,
    ],
    [
      "a mistyped argument",
      "fixture.echo(compute({ test: 'x' }))",
      "invalid_params",
      /unknown argument "test", did you mean "text"\?/,
    ],
    ["a wrong type", "fixture.add(compute({ a: '1', b: 2 }))", "invalid_params", /a must be number/],
    ["arguments one by one", "fixture.add(...compute([1, 2]))", "invalid_params", /one object of arguments/],
    ["a handle that is none", "vault.open('h_nothing')", "not_found", /h_nothing/],
  ])("%s says what was meant while it runs", async (_, call, code, message) => {
    const { isError, error } = await served.run(
      `const compute = (value) => JSON.parse(JSON.stringify(value));\n  return await ${call};`,
    );
    expect(isError).toBe(true);
    expect(error).toMatchObject({ code, line: 2, source: `return await ${call};` });
    expect(error!.message).toMatch(message);
  });

  test("an error of the program has its line, in fences and with types", async () => {
    const { error } = await served.run(
      "```ts\nconst x: { y?: { z: number } } = {};\nconst a = 1;\nreturn x.y!.z;\n```",
    );
    expect(error).toMatchObject({
      code: "program_failed",
      name: "TypeError",
      line: 4,
      source: "return x.y!.z;",
    });
  });

  test("a failure that nothing awaited is told", async () => {
    const { value, warnings } = await served.run(
      "void fixture.fail({ message: 'unseen' });\nawait fixture.add({ a: 1, b: 1 });\nreturn 'done'",
    );
    expect(value).toBe("done");
    expect(warnings!.join()).toMatch(/not awaited and failed \(line 1\): .*unseen/);
  });

  test("a program without a value is told so", async () => {
    const { isError, value, warnings } = await served.run("for (const x of [1]) console.log(x)");
    expect({ isError, value }).toEqual({ isError: false, value: null });
    expect(warnings).toEqual(["the program returned nothing; use `return`"]);
  });

  test("an image stays outside, as a handle that opens", async () => {
    const { value } = await served.run(`
      const blocks = await everything.getTinyImage({});
      const image = blocks.find((block) => block.type === "image");
      return { ...image, base64: (await vault.open(image.handle)).base64.slice(0, 5) };`);
    expect(value).toMatchObject({
      type: "image",
      mimeType: "image/png",
      handle: expect.stringMatching(/^h_/),
      base64: "iVBOR",
    });
  });

  test("show hands an image to the client, without its bytes in the program", async () => {
    const code = `const image = (await everything.getTinyImage({})).find((block) => block.type === "image");
      await show(image); return image.bytes`;
    const { content } = await served.client.callTool({ name: "run_code", arguments: { code } });
    const [answer, image] = content as unknown as { text: string; data: string }[];
    const { value, shown } = JSON.parse(answer!.text) as { value: number; shown: string[] };
    expect(shown).toEqual([expect.stringMatching(/^image\/png, [\d.]+ k?B$/)]);
    expect(image).toMatchObject({ type: "image", mimeType: "image/png" });
    expect(Buffer.from(image!.data, "base64")).toHaveLength(value);
  });

  test("unknown content and structure arrive as they were sent", async () => {
    expect((await served.run("return fixture.hologram({})")).value).toEqual({
      type: "hologram",
      depth: 3,
      vendor: { kept: true },
    });
  });

  test("outline and describe are there for the first look", async () => {
    const { value } = await served.run(
      "return [outline({ files: [{ name: 'a', size: 1 }, { name: 'b', size: 2 }] }), await tools.describe('memory.read_graph')]",
    );
    const [shape, declaration] = value as [string, string];
    expect(shape).toMatch(/files: \{ name: string; size: number \}\[2\]/);
    expect(declaration).toMatch(/memory\.read_graph\(/);
  });
});

describe("a request", () => {
  test("reports progress of its calls and of the tools themselves", async () => {
    const messages: string[] = [];
    // The SDK's client drops progress that it reads in one piece with the result, so the result comes a little later.
    const program = `const counted = await fixture.count({ to: 3 });
      await new Promise((resolve) => setTimeout(resolve, 500));
      return counted;`;
    await served.run(program, { onprogress: ({ message }) => messages.push(message ?? "") });
    expect(messages).toEqual([
      "fixture.count 1/3 step 1",
      "fixture.count 2/3 step 2",
      "fixture.count 3/3 step 3",
      "fixture.count done",
    ]);
  });

  test("that is cancelled cancels the upstream call and leaves the server well", async () => {
    const abort = new AbortController();
    const progress = vi.fn<() => void>();
    const before = (await served.run("return fixture.cancelled({})")).value as number;
    const pending = served.run("await fixture.add({ a: 1, b: 1 });\nreturn fixture.wait({})", {
      signal: abort.signal,
      onprogress: progress,
    });
    const failed = expect(pending).rejects.toThrow(/abort/i);
    await vi.waitFor(() => expect(progress).toHaveBeenCalled(), { timeout: 10_000 });
    abort.abort();
    await failed;
    await vi.waitFor(
      async () => expect((await served.run("return fixture.cancelled({})")).value).not.toEqual(before),
      { timeout: 10_000, interval: 100 },
    );
  });

  test("with wrong arguments, or for a tool that is not there", async () => {
    const wrong = await served.client.callTool({ name: "run_code", arguments: { program: "1" } });
    expect(wrong).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^invalid_params: .*code/) }],
    });
    await expect(served.client.callTool({ name: "fixture__ad", arguments: {} })).rejects.toThrow(
      /search_tools, run_code and call_tool\. did you mean fixture__add\?/,
    );
  });
});
