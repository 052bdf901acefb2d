import { fixtureServerCommand, misbehavingServerCommand } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { serve, testFolder, type Served, type TestFolder } from "./cli.ts";

const healthy = "return (await fixture.add({ a: 1, b: 2 })).sum";
const withServer = (mode: Parameters<typeof misbehavingServerCommand>[0]) =>
  testFolder({ fixture: fixtureServerCommand(), bad: misbehavingServerCommand(mode) });

test("a server that does not start is named by search, and the others serve", async () => {
  await using folder = await withServer("exits");
  await using served = await serve(folder.config);
  expect((await served.run(healthy)).value).toBe(3);
  expect(await served.search("anything at all")).toMatch(/Problems: bad: .+/);
  const { error } = await served.run("return bad.tool({})");
  expect(error).toMatchObject({ code: "upstream_failed", line: 1 });
});

test("a server that never answers holds up nobody for long", async () => {
  await using folder = await withServer("silent");
  await using served = await serve(folder.config);
  expect((await served.run(healthy)).value).toBe(3);
  expect(await served.search("add")).toMatch(/bad: still connecting/);
});

test("a flood on stderr and garbage on stdout disturb nothing", async () => {
  await using folder = await testFolder({
    fixture: fixtureServerCommand(),
    flood: misbehavingServerCommand("floods-stderr"),
    garbage: misbehavingServerCommand("garbage"),
  });
  await using served = await serve(folder.config);
  await vi.waitFor(
    async () => {
      const { value } = await served.run(
        "return Promise.all([flood.add({ a: 1, b: 2 }), garbage.add({ a: 2, b: 3 }), fixture.add({ a: 3, b: 4 })])",
      );
      expect(value).toEqual([{ sum: 3 }, { sum: 5 }, { sum: 7 }]);
    },
    { timeout: 20_000, interval: 200 },
  );
});

describe("what a server does in a call", () => {
  let folder: TestFolder;
  let served: Served;
  beforeAll(async () => {
    folder = await testFolder({
      fixture: fixtureServerCommand(),
      huge: misbehavingServerCommand("huge-message"),
      endless: misbehavingServerCommand("endless-line"),
      dying: misbehavingServerCommand("dies-mid-call"),
    });
    served = await serve(folder.config);
    const needs = "add; huge; flood; die";
    await vi.waitUntil(async () => !(await served.search(needs)).includes("connecting"), 20_000);
  });
  afterAll(async () => {
    await served[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test.each([
    ["100 MB in one message", "huge.huge"],
    ["300 MB without a line break", "endless.flood"],
    ["death in the middle of it", "dying.die"],
  ] as const)("%s is an error of that call alone", { timeout: 60_000 }, async (_, tool) => {
    const { value, calls } = await served.run(`
      const [bad, good] = await Promise.allSettled([${tool}({}), fixture.add({ a: 1, b: 2 })]);
      return { status: bad.status, code: bad.reason?.code, tool: bad.reason?.tool, good: good.value.sum };`);
    expect(value).toEqual({
      status: "rejected",
      code: expect.stringMatching(/^(upstream_failed|output_limit)$/),
      tool,
      good: 3,
    });
    expect(calls).toHaveLength(2);
    expect((await served.run(healthy)).value).toBe(3);
  });
});

test("a tool that a server adds is there without a restart", async () => {
  await using folder = await testFolder({ fixture: fixtureServerCommand() });
  await using served = await serve(folder.config);
  expect((await served.run("return fixture.fresh({})")).error).toMatchObject({
    code: "program_invalid",
    findings: [expect.stringContaining("There is no tool `fixture.fresh`.")],
  });
  const computed = "const name = ['fresh'].join('');\nreturn fixture[name]({})";
  expect((await served.run(computed)).error).toMatchObject({ code: "unknown_tool", line: 2 });
  await served.run("return fixture.add_tool({ name: 'fresh' })");
  await vi.waitFor(async () => expect(await served.search("fresh")).toContain("fixture.fresh("), {
    timeout: 10_000,
    interval: 100,
  });
  expect((await served.run("return fixture.fresh({})")).isError).toBe(false);
  expect((await served.run(computed)).isError).toBe(false);
});
