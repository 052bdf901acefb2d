import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, testFolder, type TestFolder } from "./cli.ts";

let kept: TestFolder;
beforeAll(async () => {
  kept = await testFolder({});
  const optimizer = { state: "state" };
  await kept.write(
    "mcp.json",
    JSON.stringify({ mcpServers: { fixture: fixtureServerCommand() }, optimizer }),
  );
});
afterAll(() => kept[Symbol.asyncDispose]());

const types = (...args: string[]) => cli(["types", ...args, "-c", kept.config]);

test("what a run has learned is shown without its servers, and can be forgotten", async () => {
  const secret = "squirrel-4711";
  const program = `await fixture.echo({ text: "${secret}" }); return 1`;
  expect((await cli(["run", "-", "-c", kept.config], { stdin: program })).code).toBe(0);
  const shown = await types();
  expect({ code: shown.code, stderr: shown.stderr }).toEqual({ code: 0, stderr: "" });
  expect(shown.stdout).toMatch(/^fixture\.echo\t1\tstring/u);
  expect(shown.stdout).not.toContain(secret);
  const { stdout } = await types("forget", "fixture.echo", "--json");
  expect(JSON.parse(stdout)).toEqual({ forgotten: 1 });
});
