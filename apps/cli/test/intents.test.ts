import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, serve, testFolder, type Finished, type TestFolder } from "./cli.ts";

const CORE = fileURLToPath(new URL("../../../packages/core/dist/index.js", import.meta.url));
const ZOD = fileURLToPath(import.meta.resolve("zod"));
const ADAPTOR = `
import { defineAdaptor, defineIntent } from ${JSON.stringify(CORE)};
import * as z from ${JSON.stringify(ZOD)};
export default ({ options }: { options: { by?: number } }) =>
  defineAdaptor({
    name: "sums",
    description: "Sums",
    intents: [
      defineIntent({
        name: "add_more",
        description: "Adds to a number",
        input: z.object({ a: z.number() }),
        code: \`return (await fixture.add({ a: params.a, b: \${options.by ?? 1} })).sum\`,
      }),
      defineIntent({
        name: "broken",
        description: "Never works",
        input: z.object({ a: z.number() }),
        code: "return await fixture.ad({ a: params.b })",
      }),
      defineIntent({
        name: "away",
        description: "Needs another server",
        input: z.object({}),
        requires: ["github"],
        code: "return 1",
      }),
    ],
  });
`;

let good: TestFolder;
const intents = (...args: string[]): Promise<Finished> =>
  cli(["intents", ...args, "-c", good.config], { env: { XDG_STATE_HOME: good.folder } });
beforeAll(async () => {
  good = await testFolder(
    { fixture: fixtureServerCommand() },
    { adaptors: [{ use: "./sums.ts", options: { by: 10 } }] },
  );
  await good.write("sums.ts", ADAPTOR);
});
afterAll(() => good[Symbol.asyncDispose]());

describe("intents of an adaptor", () => {
  test("list shows each with its state and why", async () => {
    const { code, stdout, stderr } = await intents("list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^add_more\tready\tunknown\tthe adaptor sums\tAdds to a number$/m);
    expect(stdout).toMatch(/^broken\tbroken: .*parameters have no `b`/m);
    expect(stdout).toMatch(/^away\tmissing: github\t/m);
    expect(stderr).toMatch(/warn: The intent broken cannot be called: /);
  });

  test("show says what it takes", async () => {
    const { stdout } = await intents("show", "add_more");
    expect(stdout).toContain("add_more: Adds to a number\nthe adaptor sums\nparameters {");
    expect(stdout).toContain("b: 10");
    expect((await intents("show", "none")).code).toBe(2);
  });

  test("run gives the value, or says why not", async () => {
    expect(await intents("run", "add_more", "--params", '{ "a": 1 }')).toMatchObject({
      code: 0,
      stdout: "11\n",
    });
    const { stdout } = await intents("run", "add_more", "--params", '{ "a": 1 }', "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      result: { status: "success", data: 11, metadata: { route: "code" } },
    });
  });

  test.each<[string, string[], number, RegExp]>([
    ["no such intent", ["run", "add_mor"], 2, /did you mean add_more/],
    ["parameters that do not fit", ["run", "add_more", "--params", '{ "a": "1" }'], 2, /params\.a/],
    [
      "one that contradicts its tools",
      ["run", "broken", "--params", '{ "a": 1 }'],
      1,
      /contradict each other/,
    ],
    [
      "a parameter's type",
      ["save", "r_1", "-n", "x", "-d", "x", "--param", "a:text"],
      2,
      /a type is string, number/,
    ],
    ["a run that is not there", ["save", "r_1", "-n", "x", "-d", "x"], 2, /no run r_1/],
  ])("%s", async (_name, args, code, says) => {
    const finished = await intents(...args);
    expect(finished.stderr).toMatch(says);
    expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code, stdout: "" });
  });
});

describe("a saved program", () => {
  test("is kept by one process, and found and called by the next", async () => {
    const env = { XDG_STATE_HOME: good.folder };
    const program = "return (await fixture.add({ a: params.a, b: 2 })).sum";
    const ran = await cli(["run", "-", "--params", '{ "a": 1 }', "--json", "-c", good.config], {
      stdin: program,
      env,
    });
    const { runId } = JSON.parse(ran.stdout) as { runId: string };
    const saved = await intents("save", runId, "--name", "add_two", "--description", "Adds two");
    expect(saved).toMatchObject({ code: 0, stdout: "Saved add_two, version 1\n" });
    expect(await readdir(join(good.folder, "mcp-optimizer", "programs"))).toEqual(["add_two.v1.json"]);
    expect(await intents("run", "add_two", "--params", '{ "a": 5 }')).toMatchObject({
      code: 0,
      stdout: "7\n",
    });
    const typed = await intents(
      "save",
      runId,
      "-n",
      "add_two",
      "-d",
      "Adds 2",
      "--param",
      "a:integer",
      "--json",
    );
    expect(JSON.parse(typed.stdout)).toMatchObject({
      version: 2,
      params: { properties: { a: { type: "integer" } } },
    });
    expect((await intents("run", "add_two", "--params", '{ "a": 0.5 }')).code).toBe(2);
    expect((await intents("show", "add_two", "--version", "1")).stdout).toMatch(
      /saved, version 1, from the run r_/,
    );
    const found = await cli(["search", "adds 2", "-c", good.config], { env });
    expect(found.stdout).toContain("intents.add_two(");
    expect((await intents("remove", "add_two")).stdout).toBe("Removed add_two\n");
    expect((await intents("show", "add_two")).code).toBe(2);
  }, 120_000);
});

describe("adaptors of a configuration", () => {
  test("one that cannot be used is named, and nothing is started", async () => {
    await using folder = await testFolder({ fixture: fixtureServerCommand() }, { adaptors: ["./it.ts"] });
    await folder.write("it.ts", "throw new Error('as told')");
    const { code, stdout, stderr } = await cli(["tools", "-c", folder.config]);
    expect(stderr).toMatch(/optimizer\.adaptors\[0\] \(\.\/it\.ts\) cannot be loaded: as told/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("a package is one that the configuration's folder has", async () => {
    await using folder = await testFolder(
      { fixture: fixtureServerCommand() },
      { adaptors: ["sums-adaptor"] },
    );
    const root = join(folder.folder, "node_modules", "sums-adaptor");
    await promisify(execFile)("mkdir", ["-p", root]);
    const manifest = { name: "sums-adaptor", type: "module", exports: { ".": { import: "./index.js" } } };
    await writeFile(join(root, "package.json"), JSON.stringify(manifest));
    await writeFile(join(root, "index.js"), ADAPTOR.replace(/: \{ options: \{ by\?: number \} \}/, ""));
    const ran = await cli(["intents", "run", "add_more", "--params", '{ "a": 1 }', "-c", folder.config], {
      env: { XDG_STATE_HOME: folder.folder },
    });
    expect(ran).toMatchObject({ code: 0, stdout: "2\n" });
  });
});

test("a served model finds intents and calls them in programs", async () => {
  await using folder = await testFolder(
    { fixture: fixtureServerCommand() },
    { adaptors: ["./sums.ts"], state: "memory" },
  );
  await folder.write("sums.ts", ADAPTOR);
  await using served = await serve(folder.config);
  expect(await served.search("adds to a number")).toContain("intents.add_more(");
  expect(
    (await served.run("return [await intents.add_more({ a: 1 }), await intents.add_more({ a: 2 })]")).value,
  ).toEqual([2, 3]);
});
