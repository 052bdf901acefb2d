import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { openState } from "@mcp-optimizer/state";
import { fixtureServerCommand, misbehavingServerCommand } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, serve, testFolder, type TestFolder } from "./cli.ts";

const require = createRequire(import.meta.url);
const INVERSES = {
  "memory.create_entities": {
    tool: "memory.delete_entities",
    args: { entityNames: [{ $from: "args.entities.0.name" }] },
  },
};
let kept: TestFolder;
let graph: string;
beforeAll(async () => {
  kept = await testFolder({});
  graph = join(kept.folder, "graph.jsonl");
  const args = [require.resolve("@modelcontextprotocol/server-memory/dist/index.js")];
  const memory = { command: process.execPath, args, env: { MEMORY_FILE_PATH: graph } };
  const policy = { effects: { "memory.read_graph": "read", "memory.*": "write" } };
  const optimizer = { state: "state", inverses: INVERSES, policy };
  await kept.write("mcp.json", JSON.stringify({ mcpServers: { memory }, optimizer }));
  const dead = { dead: misbehavingServerCommand("exits") };
  await kept.write("dead.json", JSON.stringify({ mcpServers: dead, optimizer: { state: "state" } }));
  const other = { memory: fixtureServerCommand() };
  await kept.write("other.json", JSON.stringify({ mcpServers: other, optimizer: { state: "state" } }));
});
afterAll(() => kept[Symbol.asyncDispose]());

const runs = (...args: string[]) => cli(["runs", ...args, "-c", kept.config]);
const entity = (name: string) =>
  `await memory.create_entities({ entities: [{ name: "${name}", entityType: "test", observations: [] }] })`;

async function run(code: string): Promise<string> {
  const { stdout } = await cli(["run", "-", "--json", "-c", kept.config], { stdin: code });
  return (JSON.parse(stdout) as { runId: string }).runId;
}

test("what was run is listed and shown, without its servers", async () => {
  const id = await run(`// \\u001b[31m \u001B[31mred\n${entity("seen")};\nreturn 7;`);
  const dead = join(kept.folder, "dead.json");
  const list = await cli(["runs", "list", "-c", dead]);
  expect({ code: list.code, stderr: list.stderr }).toEqual({ code: 0, stderr: "" });
  const line = list.stdout.split("\n").find((one) => one.startsWith(`${id}\t`))!;
  expect(line.split("\t").slice(1, 4)).toEqual([
    expect.stringMatching(/^20\d\d-.*Z$/) as string,
    "done",
    "1",
  ]);
  const show = await cli(["runs", "show", id, "-c", dead]);
  expect({ code: show.code, stderr: show.stderr }).toEqual({ code: 0, stderr: "" });
  expect(show.stdout).toMatch(/\n0\tmemory\.create_entities\twrite\tapplied\t\{"entities":\[\{"name":"seen"/);
  expect(show.stdout).toContain("return 7;");
  expect(list.stdout + show.stdout).not.toContain("\u001B");
  const { stdout } = await cli(["runs", "show", id, "--json", "-c", dead]);
  expect(JSON.parse(stdout)).toMatchObject({
    runId: id,
    state: "closed",
    source: { kind: "program", language: "javascript" },
    calls: [{ tool: "memory.create_entities", outcome: { state: "applied" } }],
  });
}, 60_000);

test("a list goes on page by page", async () => {
  await using folder = await testFolder({}, { state: "." });
  const state = await openState({ place: folder.folder });
  const { executionLog: log } = state;
  for (const runId of ["a", "b", "c"]) {
    const source = { kind: "call", tool: "git.status", args: { path: "\u001B[2J" } } as const;
    await log.open({ tenant: "local", runId, program: "p", source, at: 0, owner: "o", leaseMs: 600_000 });
    if (runId !== "c") await log.close("local", runId, "o");
  }
  await state.dispose();
  const list = (...args: string[]) => cli(["runs", "list", "--limit", "2", ...args, "-c", folder.config]);
  const first = await list();
  const began = "1970-01-01T00:00:00.000Z";
  const what = String.raw`git.status({"path":"\u001b[2J"})`;
  expect(first.stdout).toBe(`c\t${began}\tunder way\t0\t${what}\nb\t${began}\tbroke off\t0\t${what}\n`);
  const [, cursor] = /^More with --cursor (\d+)\n$/.exec(first.stderr)!;
  const { stdout } = await list("--json", "--cursor", cursor!);
  expect(JSON.parse(stdout)).toEqual({ runs: [expect.objectContaining({ runId: "a" })] });
});

test("a replay gives what was given, and calls nothing", async () => {
  const id = await run(`${entity("once")};\nreturn (await memory.read_graph()).entities.length`);
  const before = readFileSync(graph, "utf8");
  writeFileSync(graph, "");
  const { stdout } = await runs("replay", id, "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    kind: "program",
    report: {
      runId: id,
      value: before.trimEnd().split("\n").length,
      calls: [{ replayed: true }, { replayed: true }],
    },
  });
  expect(readFileSync(graph, "utf8")).toBe("");
  writeFileSync(graph, before);
  const other = await cli(["runs", "replay", id, "-c", join(kept.folder, "other.json")]);
  expect(other.code).toBe(1);
  expect(other.stderr).toContain("memory.create_entities is gone");
}, 60_000);

test("a revert shows its plan, asks, and takes back once", async () => {
  const id = await run(`${entity("gone-1")};\n${entity("gone-2")};\nreturn 1`);
  const names = () => readFileSync(graph, "utf8");
  const unasked = await runs("revert", id);
  expect(unasked.code).toBe(1);
  expect(unasked.stderr).toMatch(
    /memory\.delete_entities \{"entityNames":\["gone-2"\]\} .*\n.*\["gone-1"\]\}.*\n.*--yes allows it\n$/,
  );
  const plan = JSON.parse((await runs("revert", id, "--dry-run", "--skip", "0", "--json")).stdout) as object;
  expect(plan).toMatchObject({
    steps: [{ call: { index: 1 } }],
    cannot: [{ call: { index: 0 }, why: expect.any(String) as string }],
  });
  expect(names()).toContain("gone-2");
  const done = await runs("revert", id, "--yes");
  expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: "" });
  expect(done.stdout).toBe(`2 calls are taken back; see runs show ${id}.revert.\n`);
  expect(names()).not.toContain("gone-");
  const again = await runs("revert", id, "--yes");
  expect(again).toEqual({
    code: 0,
    stdout: `All that can be taken back of ${id} has been.\n`,
    stderr: "",
  });
}, 60_000);

test("runs of a server that is still serving are there for the command line", async () => {
  await using served = await serve(kept.config);
  await served.run(`${entity("served")}; return 1`);
  const { stdout } = await runs("list", "--limit", "1", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ runs: [{ state: "closed", calls: 1 }] });
});

test.each<[string, string[], object | undefined, number, RegExp]>([
  ["a run that is not there", ["show", "r_none"], undefined, 2, /there is no run r_none/],
  ["one to take back that is not there", ["revert", "r_none"], undefined, 2, /there is no run r_none/],
  ["a cursor of nobody", ["list", "--cursor", "x"], undefined, 2, /cursor/],
  ["runs that are not kept", ["list"], { state: "memory" }, 2, /optimizer\.state is "memory"/],
  ["a folder that is a file", ["list"], { state: "mcp.json" }, 3, /mcp\.json\/state\.db: it cannot be/],
  [
    "an inverse that refers to nothing",
    ["list"],
    { inverses: { "a.b": { tool: "a.c", args: { x: { $from: "y" } } } } },
    2,
    /optimizer\.inverses.*"args" or "result"/,
  ],
])("%s is named", async (_, args, optimizer, code, message) => {
  await using folder = optimizer && (await testFolder({ memory: { command: "true" } }, optimizer));
  const config = folder?.config ?? kept.config;
  const finished = await cli(["runs", ...args, "-c", config]);
  expect(finished.stderr).toMatch(message);
  expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code, stdout: "" });
});

test("a file that is no state file is left alone, and nothing runs", async () => {
  await using folder = await testFolder({ memory: fixtureServerCommand() }, { state: "." });
  const file = await folder.write("state.db", "a letter of mine ".repeat(100));
  const { code, stderr } = await cli(["run", "-", "-c", folder.config], { stdin: "return 1" });
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: `mcp-optimizer: The store is not available: ${file}: it is no database; optimizer.state says where: a folder, the URL of a Redis, or "memory"\n`,
  });
  expect(readFileSync(file, "utf8")).toBe("a letter of mine ".repeat(100));
});
