import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, serve, testFolder, type TestFolder } from "./cli.ts";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));
const here = bubblewrap.reason ?? "here";
const NO_DAEMON = { socketPath: "/nowhere/docker.sock" };
let folder: TestFolder;
beforeAll(async () => {
  folder = await testFolder({ fixture: fixtureServerCommand() }, { sandbox: { docker: NO_DAEMON } });
});
afterAll(() => folder[Symbol.asyncDispose]());

/** The exit code and the error of a program run with these settings and flags. */
async function failure(settings: object | undefined, flags: readonly string[] = []): Promise<string> {
  await using own = await testFolder({ fixture: fixtureServerCommand() }, settings);
  const { code, stderr } = await cli(["run", "-", "--config", own.config, ...flags], { stdin: "1" });
  return `${code} ${stderr.replace(own.folder, "")}`;
}

describe.concurrent("bad settings start nothing, and say what to do", () => {
  test.each<[string, object, RegExp]>([
    [
      "an unknown sandbox",
      { sandbox: { backend: "dokcer" } },
      /^2 .*mcp\.json:1: optimizer\.sandbox\.backend there is no sandbox "dokcer"; did you mean docker\?/,
    ],
    [
      "a missing sandbox",
      { sandbox: { backend: "docker", docker: NO_DAEMON } },
      /^3 .*docker: no container daemon answers at \/nowhere/,
    ],
    [
      "a requirement that is not met",
      { sandbox: { backend: "basic", require: ["network"] } },
      /^3 .*basic: it does not enforce network/,
    ],
  ])("%s in the configuration", async (_, settings, message) => {
    expect(await failure(settings)).toMatch(message);
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      "an unknown sandbox",
      ["--sandbox", "dokcer"],
      /^2 .*--sandbox: there is no sandbox "dokcer"; did you mean docker\?/,
    ],
    [
      "an unknown language",
      ["--language", "ruby"],
      /^2 .*no language "ruby"; there are typescript, javascript and python/,
    ],
    [
      "a language that the sandbox has not",
      ["--language", "python"],
      /^2 .*does not run Python.*seccomp, docker, gvisor/,
    ],
    ["a negative limit", ["--timeout=-1"], /^2 .*--timeout/],
    ["a higher limit than configured", ["--timeout", "31"], /^2 .*limits\.wallMs is 31000; at most 30000/],
    ["a huge limit", ["--memory", "9999999"], /^2 .*memoryBytes/],
  ])("%s on the command line", async (_, flags, message) => {
    expect(await failure(undefined, flags)).toMatch(message);
  });
});

test("a list takes the first that is available, and says so", async () => {
  const { code, stdout, stderr } = await cli(
    ["run", "-", "--config", folder.config, "--sandbox", "docker,wasi"],
    {
      stdin: "6 * 7",
    },
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: "42\n" });
  expect(stderr).toMatch(/warn: Programs run in wasi, the next choice\. Not in docker: no container daemon/);
});

describe("sandboxes", () => {
  test("prints what each can hold, and why not", async () => {
    const { code, stdout, stderr } = await cli(["sandboxes", "--config", folder.config]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^wasi \*\tyes\tjavascript\tquickjs-wasi [\d.]+\n/);
    expect(stdout).toMatch(/\ndocker\tno\t-\tno container daemon answers at \/nowhere/);
    expect(stdout).toMatch(/\nbasic: warning: "basic" is no sandbox/);
    expect(stdout).toMatch(/\nnetwork\tenforced\t.*none\n/);
  });

  test("--json has all of it, and needs no configuration", async () => {
    const { code, stdout } = await cli(["sandboxes", "--json", "--sandbox", "basic"], {
      env: { HOME: "/nowhere", XDG_CONFIG_HOME: "/nowhere" },
    });
    const { sandboxes } = JSON.parse(stdout) as {
      sandboxes: { name: string; chosen: boolean; available: boolean; enforcement: Record<string, string> }[];
    };
    expect(code).toBe(0);
    expect(sandboxes.map(({ name }) => name)).toEqual([
      "wasi",
      "seccomp",
      "docker",
      "gvisor",
      "firecracker",
      "basic",
    ]);
    expect(sandboxes.filter(({ chosen }) => chosen).map(({ name }) => name)).toEqual(["basic"]);
    expect(sandboxes[0]!.enforcement).toMatchObject({ memoryBytes: "enforced", network: "enforced" });
  });
});

describe.skipIf(bubblewrap.reason)(`Python beside JavaScript in seccomp [${here}]`, () => {
  test("a server serves both, with the same values, errors and names", { timeout: 120_000 }, async () => {
    await using own = await testFolder(
      { "test-fixture": fixtureServerCommand() },
      { sandbox: { backend: "seccomp", require: ["memoryBytes", "network"], pool: { size: 1 } } },
    );
    await using served = await serve(own.config);
    const { tools } = await served.client.listTools();
    const runCode = tools.find(({ name }) => name === "run_code");
    expect(runCode?.inputSchema.properties).toHaveProperty("language");

    const script = await served.run(
      'const all = await Promise.all([1, 2].map((n) => testFixture.add({ a: n, b: 1 }))); console.log("done");\n' +
        "({ sums: all.map((one) => one.sum), echo: await testFixture.echo({ text: 'é' }) })",
    );
    const python = await served.run(
      'import asyncio\nall = await asyncio.gather(*[testFixture.add(a=n, b=1) for n in [1, 2]]); print("done")\n' +
        '{"sums": [one["sum"] for one in all], "echo": await test_fixture.echo(text="é")}',
      { language: "python" },
    );
    expect(script.value).toEqual({ sums: [2, 3], echo: expect.anything() });
    expect(python.value).toEqual(script.value);
    expect(python.console).toEqual(script.console);

    const fenced = await served.run("```python\nx = 1\nraise ValueError('no')\n```");
    expect(fenced.error).toMatchObject({ message: "no", line: 3, source: "raise ValueError('no')" });
    const wrong = await served.run("await testFixture.add(a=1, c=2)", { language: "py" });
    expect(wrong.error).toMatchObject({ code: "invalid_params", tool: "testFixture.add", line: 1 });
    expect(wrong.error?.message).toContain("Signature: testFixture.add(");
    const unmarked = await served.run("import json\nfor x in [1]:\n  print(x)");
    expect(unmarked.error?.message).toContain('If it is Python, pass language: "python"');
  });

  test("run takes a .py file", async () => {
    const file = await folder.write("sum.py", "total = (await fixture.add(a=20, b=22))\ntotal['sum']\n");
    const { code, stdout, stderr } = await cli([
      "run",
      file,
      "--config",
      folder.config,
      "--sandbox",
      "seccomp",
    ]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "42\n", stderr: "" });
  });
});

test("an unknown language is an answer that says which there are, and the tools of an embedded sandbox know no language", async () => {
  await using served = await serve(folder.config);
  const { tools } = await served.client.listTools();
  expect(tools.find(({ name }) => name === "run_code")?.inputSchema.properties).not.toHaveProperty(
    "language",
  );
  const ask = (language: string) =>
    served.client.callTool({ name: "run_code", arguments: { code: "1", language } });
  expect(await ask("ruby")).toMatchObject({
    isError: true,
    content: [
      { text: expect.stringMatching(/^invalid_params: .*there are typescript, javascript and python/) },
    ],
  });
  expect(await ask("python")).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining("does not run Python") }],
  });
  expect((await ask("typescript")).isError).not.toBe(true);
});
