import type { JsonObject } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineIntent } from "../../src/intents/intent.ts";
import { inferSchema } from "../../src/programs/infer-schema.ts";
import { createMemoryProgramStore } from "../../src/programs/memory-program-store.ts";
import { createEngine, type EngineOptions } from "../intents/engine.ts";
import { gitServer, type Calls } from "../intents/fixture-tools.ts";

const CODE = "return await git.git_log({ max_count: params.limit })";

async function engineOf(options: Partial<EngineOptions> = {}) {
  const calls: Calls = [];
  const engine = await createEngine({ upstreams: [gitServer(calls)], ...options });
  const saveRun = async (code: string, params?: JsonObject, more: object = {}) => {
    const { report } = await engine.run(code, params);
    return await engine.intents.programs.save({
      runId: report.runId,
      name: "latest",
      description: "Newest commits",
      ...more,
    });
  };
  return { ...engine, calls, saveRun, programs: engine.intents.programs };
}

describe("a saved program", () => {
  test("is an intent: found, typed, called with other parameters", async () => {
    const { saveRun, store, intents, run } = await engineOf();
    const saved = await saveRun(CODE, { limit: 2 });
    expect(saved).toMatchObject({ name: "latest", version: 1, code: CODE });
    expect(JSON.stringify(saved.params)).not.toContain("2");
    expect(store.current.resolve("intents.latest")!.definition).toMatchObject({
      description: "Newest commits",
      inputSchema: {
        type: "object",
        properties: { limit: { type: "number" } },
        required: ["limit"],
        additionalProperties: false,
      },
    });
    expect(await intents.router.route("latest", { limit: 7 })).toMatchObject({ value: { commits: 7 } });
    expect((await run("return await intents.latest({ limit: 1 })")).report.value).toEqual({ commits: 1 });
    for (const params of [{}, { limit: "7" }, { limit: 1, more: 1 }]) {
      await expect(intents.router.route("latest", params)).rejects.toMatchObject({ code: "invalid_params" });
    }
  });

  test("has the parameters that the caller names", async () => {
    const { saveRun, intents } = await engineOf();
    const params = { properties: { limit: { type: "integer", maximum: 5 } } };
    await saveRun(CODE, { limit: 2 }, { params });
    expect(
      (await intents.router.route("latest", {}).catch((error: unknown) => error)) as object,
    ).toMatchObject({
      value: { commits: 3 },
    });
    await expect(intents.router.route("latest", { limit: 6 })).rejects.toMatchObject({
      code: "invalid_params",
    });
  });

  test("has versions; the newest is called, the older are kept", async () => {
    const { saveRun, programs, intents } = await engineOf();
    await saveRun("return 'one'");
    expect((await saveRun("return 'two'")).version).toBe(2);
    expect((await intents.router.route("latest", {})).value).toBe("two");
    expect((await programs.read("latest", 1)).code).toBe("return 'one'");
    expect((await programs.list()).map(({ version }) => version)).toEqual([2]);
    await expect(programs.read("latest", 3)).rejects.toMatchObject({ code: "not_found" });
    await programs.remove("latest");
    await expect(intents.router.route("latest", {})).rejects.toMatchObject({ code: "unknown_intent" });
    await expect(programs.remove("latest")).rejects.toMatchObject({ code: "not_found" });
  });

  test("is there again after a start, and named when its tools are gone", async () => {
    const programStore = createMemoryProgramStore();
    const { saveRun } = await engineOf({ programStore });
    await saveRun(CODE, { limit: 2 });
    const again = await engineOf({ programStore });
    expect((await again.intents.router.route("latest", { limit: 1 })).value).toEqual({ commits: 1 });
    const without = await engineOf({ programStore, upstreams: [] });
    expect(without.logged.join()).toMatch(/The intent latest cannot be called: .*`git` is not defined/);
    await expect(without.intents.router.route("latest", { limit: 1 })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("of another process comes and goes with the next load", async () => {
    const programStore = createMemoryProgramStore();
    const here = await engineOf({ programStore });
    const there = await engineOf({ programStore });
    await there.saveRun("return 1");
    await here.programs.load();
    expect((await here.intents.router.route("latest", {})).value).toBe(1);
    await there.programs.remove("latest");
    await here.programs.load();
    expect(here.intents.registry.intents).toEqual([]);
  });

  test("does not take an adaptor's name", async () => {
    const programStore = createMemoryProgramStore();
    await (await engineOf({ programStore })).saveRun("return 'saved'");
    const latest = defineIntent({
      name: "latest",
      description: "",
      input: z.object({}),
      code: "return 'own'",
    });
    const { saveRun, intents, logged } = await engineOf({ programStore, intents: [latest] });
    expect((await intents.router.route("latest", {})).value).toBe("own");
    expect(logged.join()).toMatch(/saved program latest, version 1, is not used: the configuration defines/);
    await expect(saveRun("return 1")).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("what cannot be saved is refused, and nothing is kept", () => {
  test.each<[string, string, JsonObject | undefined, object, string, RegExp]>([
    ["a failed run", "throw new Error('x')", undefined, {}, "conflict", /it failed with program_failed/],
    ["no such run", "return 1", undefined, { runId: "r_none" }, "not_found", /no run r_none/],
    ["another tenant's run", "return 1", undefined, { tenant: "other" }, "not_found", /no run/],
    ["a bad name", "return 1", undefined, { name: "Latest One" }, "invalid_params", /cannot be a name/],
    ["a taken name", "return 1", undefined, { name: "save_program" }, "invalid_params", /cannot be a name/],
    [
      "no description",
      "return 1",
      undefined,
      { description: " " },
      "invalid_params",
      /1 to 1000 characters, not 0/,
    ],
    [
      "no schema",
      "return 1",
      undefined,
      { params: { type: "text" } },
      "invalid_params",
      /are an object, not "text"/,
    ],
    [
      "a bad schema",
      "return 1",
      undefined,
      { params: { properties: { a: { type: "text" } } } },
      "invalid_params",
      /cannot be used: /,
    ],
    [
      "a parameter that the schema has not",
      CODE,
      { limit: 1 },
      { params: { properties: { lmt: { type: "number" } } } },
      "invalid_params",
      /own parameters do not fit|no `limit`/,
    ],
    [
      "a type that does not fit",
      CODE,
      { limit: 1 },
      { params: { properties: { limit: { type: "string" } } } },
      "invalid_params",
      /do not fit the schema: params\.limit/,
    ],
  ])("%s", async (_name, code, params, more, refusal, says) => {
    const { saveRun, programs, intents } = await engineOf();
    const error = await saveRun(code, params, more).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: refusal, message: expect.stringMatching(says) as string });
    expect(await programs.list()).toEqual([]);
    expect(intents.registry.intents).toEqual([]);
  });

  test("a run that is no program, and one that is still under way", async () => {
    const read = defineIntent({
      name: "read",
      description: "",
      input: z.object({}),
      tool: { name: "git.git_log" },
    });
    const { intents, programs, executor } = await engineOf({ intents: [read], modelMaySave: true });
    const { runId } = await intents.router.route("read", {});
    const request = { runId, name: "again", description: "d" };
    await expect(programs.save(request)).rejects.toThrow(/it is not the run of a program/);
    const code = "return await intents.save_program({ run: params.run, name: 'again', description: 'd' })";
    const { report } = await executor.run({ code, runId: "own", params: { run: "own" } });
    expect(report.error).toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/own cannot be saved: it is still under way/) as string,
    });
  });
});

describe("a model", () => {
  const save = "return await intents.save_program({ run: params.run, name: 'latest', description: 'd' })";

  test("may not save without leave", async () => {
    const { store } = await engineOf();
    expect(store.current.resolve("intents.save_program")).toBeUndefined();
  });

  test("saves with leave, as policy has it, once for a run", async () => {
    const { run, executor, programs } = await engineOf({ modelMaySave: true });
    const { runId } = (await run("return 1")).report;
    const { report } = await run(save, { run: runId });
    expect(report.value).toEqual({ name: "latest", version: 1 });
    await executor.run({ code: save, params: { run: runId }, runId: report.runId });
    expect((await programs.list()).map(({ version }) => version)).toEqual([1]);
    const bad = await run(
      "return await intents.save_program({ run: params.run, name: 'No', description: 'd' })",
      {
        run: runId,
      },
    );
    expect(bad.report.error).toMatchObject({ code: "invalid_params" });
  });

  test("is asked about, and saves nothing before the answer", async () => {
    const policy = { default: { write: "ask" } } as const;
    const { run, programs } = await engineOf({ modelMaySave: true, policy });
    const { runId } = (await run("return 1")).report;
    expect((await run(save, { run: runId })).report.error?.code).toBe("approval_required");
    expect(await programs.list()).toEqual([]);
  });
});

test.each<[string, unknown, JsonObject]>([
  [
    "texts and numbers",
    { a: "x", n: 1 },
    {
      type: "object",
      properties: { a: { type: "string" }, n: { type: "number" } },
      required: ["a", "n"],
      additionalProperties: false,
    },
  ],
  ["a list of one type", [1, 2], { type: "array", items: { type: "number" } }],
  ["a list of several", [1, "2"], { type: "array" }],
  ["an empty list", [], { type: "array" }],
  ["null", null, {}],
])("the types of %s", (_name, value, schema) => {
  expect(inferSchema(value as JsonObject)).toEqual(schema);
});
