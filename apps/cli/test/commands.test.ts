import { createRequire } from "node:module";
import { fixtureServerCommand, misbehavingServerCommand } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, testFolder, type TestFolder } from "./cli.ts";

const require = createRequire(import.meta.url);
const memory = {
  command: process.execPath,
  args: [require.resolve("@modelcontextprotocol/server-memory/dist/index.js")],
};
let good: TestFolder;
/** For what one server is enough for: each further one is a process for each command. */
let small: TestFolder;
let dead: TestFolder;
let mixed: TestFolder;
beforeAll(async () => {
  good = await testFolder({ fixture: fixtureServerCommand(), memory });
  small = await testFolder({ fixture: fixtureServerCommand() });
  dead = await testFolder({ dead: misbehavingServerCommand("exits") });
  mixed = await testFolder({ fixture: fixtureServerCommand(), dead: misbehavingServerCommand("exits") });
});
afterAll(() => Promise.all([good, small, dead, mixed].map((folder) => folder[Symbol.asyncDispose]())));

describe("tools and tokens", () => {
  let json: Promise<string> | undefined;
  const tokensJson = (): Promise<string> =>
    (json ??= cli(["tokens", "--json", "-c", good.config]).then(({ stdout }) => stdout));

  test("tools lists each server with its tools and tokens", async () => {
    const { code, stdout, stderr } = await cli(["tools", "--config", good.config]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^fixture\tready\t\d+\t\d+\nmemory\tready\t9\t\d{3}\n$/);
  });

  test("tokens --json has what others rely on", async () => {
    const report = JSON.parse(await tokensJson()) as {
      servers: { name: string; tools: number; tokens: number }[];
      classicTokens: number;
      manifestTokens: number;
    };
    expect(report.servers.map(({ name }) => name)).toEqual(["fixture", "memory"]);
    expect(report.classicTokens).toBe(report.servers.reduce((sum, { tokens }) => sum + tokens, 0));
    expect(report.servers[1]!.tokens).toBeGreaterThan(800);
    expect(report.manifestTokens).toBeGreaterThan(100);
    expect(report.manifestTokens).toBeLessThanOrEqual(187);
  });

  test("tokens says where hybrid changes over, with all figures, and what it does", async () => {
    const { breakEven, modes, mode } = JSON.parse(await tokensJson()) as {
      breakEven: Record<
        "definitionTokens" | "listTokens" | "runCodeTokens" | "searchTokens" | "breakEvenTokens",
        number
      > & { passThrough: boolean; searches: number };
      modes: Record<"mcp_only" | "code_execution" | "hybrid", { tools: number; tokens: number }>;
      mode: string;
    };
    expect(mode).toBe("hybrid");
    expect(breakEven).toMatchObject({ passThrough: false, searches: 18 });
    expect(breakEven.breakEvenTokens).toBe(
      breakEven.listTokens - breakEven.runCodeTokens + breakEven.searchTokens,
    );
    expect(breakEven.definitionTokens).toBe(modes.mcp_only.tokens);
    expect(breakEven.listTokens).toBe(modes.hybrid.tokens);
    expect([modes.mcp_only.tools, modes.code_execution.tools, modes.hybrid.tools]).toEqual([18, 2, 3]);
    const { stdout } = await cli(["tokens", "-c", good.config]);
    expect(stdout).toContain(`hybrid (configured)\t3\t${breakEven.listTokens}\n`);
    expect(stdout).toMatch(
      /^hybrid: the definitions of 18 tools have \d+ tokens, over the break-even of \d+: /m,
    );
    expect(stdout).toContain(`break-even ${breakEven.breakEvenTokens} = ${breakEven.listTokens} (`);
  });

  test("a server that fails is named, and the others go on", async () => {
    const { code, stdout, stderr } = await cli(["tools", "-c", mixed.config]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/fixture\tready\t\d+\t\d+\ndead\tfailed\t0\t0\n/);
    expect(stderr).toMatch(/^mcp-optimizer: warn: .*the database is not configured.*"dead".*\n$/);
  });
});

describe("search", () => {
  test("prints what the model reads", async () => {
    const { code, stdout } = await cli(["search", "add numbers; create entities", "-c", good.config]);
    expect(code).toBe(0);
    expect(stdout).toContain("fixture.add(args: { a: number; b: number })");
    expect(stdout).toContain("memory.create_entities(");
  });

  test("--json gives the answer's parts", async () => {
    const { stdout } = await cli(["search", "memory.read_graph", "--json", "-c", good.config]);
    const answer = JSON.parse(stdout) as { needs: { hits: { path: string }[] }[] };
    expect(answer.needs[0]!.hits[0]!.path).toBe("memory.read_graph");
  });
});

describe("run", () => {
  test("where what a program showed cannot be saved, its value is printed all the same", async () => {
    const stdin = 'await show({ name: "a.txt", mimeType: "text/plain", text: "a" }); return 7';
    const { code, stdout, stderr } = await cli(["run", "-", "--media", "/proc/none", "-c", small.config], {
      stdin,
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "7\n" });
    expect(stderr).toMatch(/what was shown cannot be saved in \/proc\/none/);
  });

  test("a file: the value on stdout, the console on stderr", async () => {
    const file = await good.write(
      "sum.ts",
      "const { sum }: { sum: number } = await fixture.add({ a: 1, b: 2 });\nconsole.log('adding');\nreturn { sum };",
    );
    expect(await cli(["run", file, "-c", small.config])).toEqual({
      code: 0,
      stdout: '{\n  "sum": 3\n}\n',
      stderr: "adding\n",
    });
  });

  test("standard input; a text is printed as it is; a large value is whole", async () => {
    const { stdout } = await cli(["run", "-", "-c", small.config], { stdin: "'x'.repeat(100_000)" });
    expect(stdout).toBe(`${"x".repeat(100_000)}\n`);
  });

  test("a seed makes random numbers repeatable", async () => {
    const random = (...seed: string[]) =>
      cli(["run", "-", ...seed, "-c", small.config], { stdin: "[Math.random(), crypto.randomUUID()]" });
    const [a, b, c] = await Promise.all([random("--seed", "7"), random("--seed", "7"), random()]);
    expect(a.stdout).toBe(b.stdout);
    expect(a.stdout).not.toBe(c.stdout);
  });

  test("--json gives the report", async () => {
    const { code, stdout } = await cli(["run", "-", "--json", "-c", small.config], {
      stdin: "return (await fixture.add({ a: 1, b: 2 })).sum",
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      value: 3,
      calls: [{ tool: "fixture.add", ok: true }],
      omitted: [],
    });
  });

  test("a mistake that is found before anything runs: each with its place, exit code 1", async () => {
    const { code, stdout, stderr } = await cli(["run", "-", "-c", small.config], {
      stdin: "const a = 1;\nawait fixture.ad({ a })",
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.split("\n")).toEqual([
      "mcp-optimizer: The program cannot be run: a mistake was found before anything ran (line 2, column 7)",
      "  2:7 There is no tool `fixture.ad`. Did you mean `fixture.add`?",
      "  fixture.add(args: { a: number; b: number }): Promise<{ sum: number }>",
      "",
    ]);
  });

  test("a program that cannot be read: one line with its place, exit code 1", async () => {
    const { code, stderr } = await cli(["run", "-", "-c", small.config], { stdin: "const = 3" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mcp-optimizer: [^(]+ \(line 1, column 7: const = 3\)\n$/);
  });

  test("a program that fails while it runs: one line with its place, exit code 1", async () => {
    const { code, stdout, stderr } = await cli(["run", "-", "-c", small.config], {
      stdin: "const name = ['a', 'd'].join('');\nawait fixture[name]({ a: 1 })",
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^mcp-optimizer: .*fixture\.ad; did you mean fixture\.add .*\(line 2, column \d+: await fixture\[name\]\(\{ a: 1 \}\)\)\n$/,
    );
  });

  test("--check off lets it run all the same", async () => {
    const { code, stderr } = await cli(["run", "-", "--check", "off", "-c", small.config], {
      stdin: "console.log('begun');\nawait fixture.ad({})",
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^begun\nmcp-optimizer: .*no such tool: fixture\.ad/);
  });
});

describe("what is wrong is said on one line, with what to do", () => {
  test.each<[string, string[], number, RegExp]>([
    ["no configuration", ["tools"], 2, /there is none; give --config FILE/],
    [
      "a file that does not exist",
      ["tools", "-c", "nowhere.json"],
      2,
      /--config names nowhere\.json, which does not exist/,
    ],
    ["an unknown flag", ["tools", "--nonsense"], 2, /--nonsense.*--help/],
    [
      "an unknown command",
      ["nonsense"],
      2,
      /no command "nonsense"; there are .*run, runs list, .*sandboxes, savings, search, serve/,
    ],
    ["a missing argument", ["search"], 2, /query.*--help/],
    [
      "a missing argument of a command in two words",
      ["sessions", "delete"],
      2,
      /as sessions list shows it \(see mcp-optimizer sessions delete --help\)\n$/,
    ],
    ["an address that is none", ["serve", "--http", "nowhere"], 2, /--http takes HOST:PORT/],
    ["an address for everyone", ["serve", "--http", "0.0.0.0:0", "-c", "GOOD"], 2, /on this machine only/],
    [
      "a flag out of range",
      ["serve", "--max-tokens", "0", "-c", "GOOD"],
      2,
      /--max-tokens: Too small: expected number to be >=1/,
    ],
    [
      "an unknown mode",
      ["serve", "--mode", "fast", "-c", "GOOD"],
      2,
      /--mode=fast.*mcp_only, code_execution/,
    ],
    ["a program that does not exist", ["run", "nowhere.ts", "-c", "GOOD"], 2, /nowhere\.ts cannot be read/],
    ["no server that works", ["tools", "-c", "DEAD"], 3, /no server can be reached\. dead: /],
  ])("%s", async (_, args, code, message) => {
    const finished = await cli(
      args.map((arg) => (arg === "GOOD" ? small.config : arg === "DEAD" ? dead.config : arg)),
    );
    expect(finished.stderr).toMatch(message);
    expect(
      finished.stderr
        .trimEnd()
        .split("\n")
        .filter((line) => !line.startsWith("mcp-optimizer: warn: ")),
    ).toHaveLength(1);
    expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code, stdout: "" });
  });

  test("--json gives the error as JSON on stdout", async () => {
    const { code, stdout } = await cli(["tools", "--json", "-c", "nowhere.json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "config_invalid" } });
  });

  test("a malformed configuration names the line and the key", async () => {
    const file = await good.write(
      "bad.json",
      '{\n  "mcpServers": {\n    "git": {\n      "command": "git",\n      "args": "log"\n    }\n  }\n}',
    );
    // Neither an engine, nor what connects, nor stores.
    const env = await telling("@modelcontextprotocol|gpt-tokenizer|packages/state|packages/core/dist/engine");
    const { code, stderr } = await cli(["tools", "-c", file], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mcp-optimizer: .*bad\.json:5: mcpServers\.git\.args.*\n$/);
    const settings = await good.write(
      "settings.json",
      '{ "mcpServers": {},\n  "optimizer": { "limits": { "cpuMs": 0 } } }',
    );
    expect((await cli(["tools", "-c", settings])).stderr).toMatch(
      /settings\.json:2: optimizer\.limits\.cpuMs /,
    );
    const broken = await good.write("broken.json", '{\n  "mcpServers": {,\n}');
    expect((await cli(["tools", "-c", broken])).stderr).toMatch(/broken\.json:2:\d+: /);
  });

  test("a variable out of range, and a policy that can never apply, are named before anything starts", async () => {
    const env = { MCP_OPTIMIZER_CACHE_TTL_SECONDS: "-1" };
    const variable = await cli(["tools", "-c", small.config], { env });
    expect(variable).toMatchObject({ code: 2, stdout: "" });
    expect(variable.stderr).toMatch(/MCP_OPTIMIZER_CACHE_TTL_SECONDS: Too small.*\n$/);
    const rules = [{ decide: "deny", server: "nobody" }];
    await using folder = await testFolder({ fixture: fixtureServerCommand() }, { policy: { rules } });
    const policy = await cli(["serve", "-c", folder.config]);
    expect(policy).toMatchObject({ code: 2, stdout: "" });
    expect(policy.stderr).toMatch(
      /mcp\.json:1: optimizer\.policy\.rules\[0\] can never apply: there is no server "nobody"; there are fixture, intents\n$/,
    );
  });

  test("an unset variable fails its server alone, and a secret is not shown", async () => {
    await using folder = await testFolder({
      fixture: fixtureServerCommand(),
      secretive: { ...misbehavingServerCommand("exits"), env: { TOKEN: "${SECRET}" } },
      unset: { command: "${NOT_SET_ANYWHERE}" },
    });
    const { code, stdout, stderr } = await cli(["tools", "--verbose", "-c", folder.config], {
      env: { SECRET: "hunter2hunter2" },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/unset\tfailed/);
    expect(stderr).toContain("NOT_SET_ANYWHERE");
    expect(stdout + stderr).not.toContain("hunter2");
  });
});

describe("what servers and programs say cannot move the terminal, nor get lost", () => {
  const run = (stdin: string) => cli(["run", "-", "-c", small.config], { stdin });

  test("escapes in errors, warnings and console", async () => {
    const { code, stderr } = await run(`
      console.log("\\u001b[2Jcleared");
      void fixture.fail({ message: "\\u001b]0;title\\u0007" });
      await fixture.add({ a: 1, b: 1 });
      throw new Error("two\\nlines \\u001b[31m");`);
    expect(code).toBe(1);
    // oxlint-disable-next-line no-control-regex -- it is what must not be there
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^mcp-optimizer: two lines/);
  });

  test("console output over its limit is told", async () => {
    const { stderr } = await run("for (let i = 0; i < 400; i++) console.warn('x'.repeat(10_000))");
    expect(stderr).toMatch(/^warn: x+\n/);
    expect(stderr).toMatch(/mcp-optimizer: \d+ bytes of console output were not kept\n/);
  });

  test("serve --json says on stderr why it does not start", async () => {
    const { code, stdout, stderr } = await cli(["serve", "--json", "-c", "nowhere.json"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "config_invalid" } });
  });
});

test("without a place to keep what is compiled, commands go on", async () => {
  const { code, stderr } = await cli(["--version"], { env: { XDG_CACHE_HOME: "/proc/none" } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("--help names every command, and loads neither schemas nor the engine for it", async () => {
  const { code, stdout, stderr } = await cli(["--help"], {
    env: await telling("zod|packages/core|upstreams|sandbox"),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const command of ["run", "search", "serve", "tokens", "tools"])
    expect(stdout).toMatch(new RegExp(`^ +${command} +\\S`, "m"));
});

/** An environment in which a command tells on standard error what it loads of these folders. */
async function telling(folders: string): Promise<Record<string, string>> {
  const watch = `
    import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) {
      if (new RegExp(${JSON.stringify(`/(${folders})/`)}).test(url)) process.stderr.write("loads " + url + "\\n");
      return next(url, context);
    } });`;
  return { NODE_OPTIONS: `--import=${await good.write("hooks.mjs", watch)}` };
}
