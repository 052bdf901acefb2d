import type { ContentBlock, JsonObject, JsonValue, ToolResult } from "@mcp-optimizer/contracts";
import { defineIntent } from "@mcp-optimizer/core";
import { expect, test } from "vitest";
import * as z from "zod";
import { call, openEngine, type TestEngine, type TestEngineOptions } from "./open-engine.ts";

const PNG = "iVBORw0KGgo=";
const LOG = Array.from(
  { length: 3_000 },
  (_, line) => `${line} ${line % 1_000 === 7 ? "ERROR disk" : "fine"}`,
).join("\n");
const SERVERS: TestEngineOptions["servers"] = {
  fs: [
    { name: "log", answer: () => LOG },
    { name: "small", answer: () => "small" },
    { name: "rows", answer: () => Array.from({ length: 2_000 }, (_, id) => ({ id, name: `row ${id}` })) },
    {
      name: "wide",
      answer: () => Object.fromEntries(Array.from({ length: 10_000 }, (_, key) => [`key${key}`, key])),
    },
    { name: "binary", answer: () => "\0\u0001\uFFFD\ud800\x7f".repeat(5_000) },
  ],
};
const open = (more: Partial<TestEngineOptions> = {}): Promise<TestEngine> =>
  openEngine({ servers: SERVERS, ...more });
const answerOf = async (engine: TestEngine, code: string): Promise<JsonObject> =>
  JSON.parse((await call(engine.optimizer, "run_code", { code })).text) as JsonObject;
const handleIn = (text: unknown): string => /vault\.open\('(h_[^']+)'\)/.exec(JSON.stringify(text))![1]!;

test("a cut value comes with the functions that take parts of it", async () => {
  const engine = await open();
  const { value, omitted, handle } = await answerOf(engine, "return await fs.log({})");
  expect((value as string).length).toBeLessThan(LOG.length);
  expect(omitted).toHaveLength(1);
  const name = handleIn(handle);
  expect(handle).toMatch(/vault\.slice\(.*vault\.select\(.*vault\.grep\(/);
  expect(
    await answerOf(
      engine,
      `return [(await vault.open('${name}')).length, await vault.slice('${name}', -6), await vault.grep('${name}', /error/i, { limit: 2 })]`,
    ),
  ).toMatchObject({
    value: [
      LOG.length,
      "9 fine",
      [
        { line: 8, text: "7 ERROR disk" },
        { line: 1_008 },
        { partial: expect.stringContaining("first 2") as string },
      ],
    ],
  });
});

test("a run that fails names what it fetched, the largest first, and only what is worth it", async () => {
  const engine = await open();
  const failed = await answerOf(engine, `await fs.small({}); await fs.rows({}); await fs.log({}); null.x`);
  const kept = Object.entries(failed["kept"] as JsonObject);
  expect(kept.map(([, what]) => what)).toEqual(["fs.rows, 58 kB", "fs.log, 29 kB"]);
  const again = await answerOf(engine, `return (await ${kept[0]![0]}).at(-1).name`);
  expect(again["value"]).toBe("row 1999");
  expect(await answerOf(engine, "await fs.small({}); null.x")).not.toHaveProperty("kept");
  expect(await answerOf(engine, "return (await fs.rows({})).length")).not.toHaveProperty("kept");
});

test("the same result is kept once, whatever run fetched it", async () => {
  const { optimizer } = await open();
  const code = "await fs.rows({}); await fs.rows({}); return 1";
  const handles = [await optimizer.run({ code }), await optimizer.run({ code })].flatMap(({ calls }) =>
    calls.map(({ handle }) => handle),
  );
  expect(new Set(handles).size).toBe(1);
  const other = await optimizer.run({ code, tenant: "other" });
  expect(handles).not.toContain(other.calls[0]!.handle);
  const stolen = await optimizer.run({ code: `return await vault.open('${handles[0]!}')`, tenant: "other" });
  expect(stolen.error).toMatchObject({ code: "not_found" });
});

test("a result that is too large for a program is named with the ways to its parts", async () => {
  const engine = await open({ limits: { replyBytes: 20_000 } });
  const { error } = await answerOf(engine, "return await fs.log({})");
  expect(error).toMatchObject({ code: "output_limit", tool: "fs.log" });
  const { message } = error as { message: string };
  const handle = /vault\.slice\("(.*?)"/.exec(message)![1]!;
  const { value } = await answerOf(
    engine,
    `return [await vault.slice('${handle}', 0, 6), (await vault.grep('${handle}', 'ERROR')).length, await vault.open('${handle}').catch((e) => e.code)]`,
  );
  expect(value).toEqual(["0 fine", 3, "output_limit"]);
});

test.each(["wide", "binary"])("%s: valid JSON within the budget, and nothing lost", async (tool) => {
  const engine = await open({ resultTokens: 300 });
  const { omitted, handle } = await answerOf(engine, `return await fs.${tool}({})`);
  expect(omitted).not.toEqual([]);
  const code = `const a = await vault.open('${handleIn(handle)}'); const b = await fs.${tool}({}); return JSON.stringify(a) === JSON.stringify(b)`;
  expect((await answerOf(engine, code))["value"]).toBe(true);
});

test("a vault that is full costs the handle, not the result", async () => {
  const logged: string[] = [];
  const vault = { put: () => Promise.reject(new Error("away")), get: () => Promise.resolve(undefined) };
  const engine = await open({ vault, log: ({ message }) => void logged.push(message) });
  const { value, omitted } = await answerOf(engine, "return [(await fs.rows({})).length, await fs.log({})]");
  expect((value as JsonValue[])[0]).toBe(2_000);
  expect(omitted).toContain("the rest could not be kept");
  expect(logged).toContain("A result of fs could not be kept");
});

const media = (name: string, content: ContentBlock[], more: Partial<ToolResult> = {}): ToolOfMedia => ({
  name,
  result: { content, ...more },
});
interface ToolOfMedia {
  readonly name: string;
  readonly result: ToolResult;
}
const CAMERA = [
  media("shot", [
    { type: "text", text: "a cat" },
    { type: "image", mimeType: "image/png", data: PNG },
  ]),
  media("chart", [{ type: "image", mimeType: "image/png", data: PNG }], { structuredContent: { points: 3 } }),
];
const openCamera = async (): Promise<TestEngine> =>
  await open({
    servers: { camera: CAMERA.map(({ name, result }) => ({ name, result, answer: () => null })), ...SERVERS },
  });

test("an image goes to the client behind the text, not through the program", async () => {
  const { optimizer } = await openCamera();
  const code = `const [text, image] = await camera.shot({});
    await show(image); await show({ name: "a.csv", mimeType: "text/csv", text: "a,b" }); return [text, image.bytes]`;
  const result = await optimizer.callTool("run_code", { code });
  const [text, ...blocks] = result.content;
  expect(JSON.parse(text!["text"] as string)).toMatchObject({
    value: ["a cat", 8],
    shown: ["image/png, 8 B", "a.csv, text/csv, 3 B"],
  });
  expect(blocks).toMatchObject([
    { type: "image", data: PNG, mimeType: "image/png" },
    { type: "resource", resource: { mimeType: "text/csv", text: "a,b" } },
  ]);
  expect(JSON.stringify(result._meta)).not.toContain(PNG);
});

test("what the program of an intent shows is shown, in a program and without", async () => {
  const picture = defineIntent({
    name: "picture",
    description: "Takes a picture.",
    input: z.object({}),
    code: "const [text, image] = await camera.shot({}); await show(image); return text",
  });
  const servers = { camera: CAMERA.map(({ name, result }) => ({ name, result, answer: () => null })) };
  const within = await openEngine({ servers, intents: [picture] });
  const code = "const text = await intents.picture({}); await show({ name: 'a.txt', text }); return text";
  const { content } = await within.optimizer.callTool("run_code", { code });
  expect(content.map(({ type }) => type)).toEqual(["text", "image", "resource"]);
  const listed = await openEngine({ servers, intents: [picture], flags: { executionMode: "hybrid" } });
  const direct = await listed.optimizer.callTool("call_tool", { name: "intents.picture" });
  expect(direct.content).toMatchObject([
    { type: "text", text: "a cat" },
    { type: "image", data: PNG },
  ]);
});

test("what a failed program showed is shown; one that only shows needs no value", async () => {
  const { optimizer } = await openCamera();
  const failed = await optimizer.callTool("run_code", {
    code: "await show((await camera.shot({}))[1]); throw new Error('later')",
  });
  expect(failed).toMatchObject({ isError: true, content: [{ type: "text" }, { type: "image" }] });
  const { warnings, shown } = await optimizer.run({
    code: "for (const block of (await camera.shot({})).slice(1)) { await show(block); }",
  });
  expect([warnings, shown.length]).toEqual([[], 1]);
});

test("a run that waits for approval shows nothing yet", async () => {
  const engine = await openEngine({
    servers: { fs: [{ name: "write", answer: () => "written" }] },
    policy: { effects: { "fs.*": "write" }, rules: [{ tool: "write", decide: "ask" }] },
  });
  const code = `await show({ name: "before.txt", text: "x" }); const done = await fs.write({}); await show({ name: "after.txt", text: done })`;
  const { optimizer } = engine;
  const { pending } = await call(optimizer, "run_code", { code });
  const first = await optimizer.callTool("run_code", { code });
  expect(first.content).toHaveLength(1);
  const approval = { state: pending!.state, approved: true };
  const result = await optimizer.callTool("run_code", { code }, { approval });
  expect(result.content.slice(1)).toMatchObject([
    { resource: { text: "x" } },
    { resource: { text: "written" } },
  ]);
});

test("what is beside structured content is kept, and told where it says more", async () => {
  const engine = await openCamera();
  const answer = await answerOf(engine, "return await camera.chart({})");
  expect(answer["value"]).toEqual({ points: 3 });
  const { value } = await answerOf(engine, `return await vault.open('${handleIn(answer["calls"])}')`);
  expect(value).toMatchObject({ type: "image", bytes: 8 });
});

test("call_tool gives a short result as it is, and of a long one a view, a handle and the media", async () => {
  const engine = await open({
    flags: { executionMode: "hybrid" },
    pinned: ["fs.rows"],
    servers: {
      ...SERVERS,
      camera: [
        ...CAMERA.map(({ name, result }) => ({ name, result, answer: () => null })),
        {
          name: "report",
          answer: () => null,
          result: {
            content: [
              { type: "text", text: LOG },
              { type: "image", mimeType: "image/png", data: PNG },
            ],
            structuredContent: { log: LOG },
            _meta: { "example.com/a": 1 },
          },
        },
      ],
    },
  });
  const { optimizer } = engine;
  const short = await optimizer.callTool("call_tool", { name: "camera.chart" });
  expect(short).toMatchObject(CAMERA[1]!.result);
  const { content, structuredContent, _meta } = await optimizer.callTool("call_tool", {
    name: "camera.report",
  });
  expect(structuredContent).toBeUndefined();
  expect(_meta).toMatchObject({ "example.com/a": 1 });
  expect(content[1]).toEqual({ type: "image", mimeType: "image/png", data: PNG });
  const view = JSON.parse(content[0]!["text"] as string) as JsonObject;
  expect(view["omitted"]).toHaveLength(1);
  const { value } = await answerOf(
    engine,
    `return (await vault.select('${handleIn(view["handle"])}', '$.log'))[0].length`,
  );
  expect(value).toBe(LOG.length);
});
