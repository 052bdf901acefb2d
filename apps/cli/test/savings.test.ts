import type { ToolDefinition } from "@mcp-optimizer/contracts";
import { loadO200kTokenCounter, type LedgerSummary } from "@mcp-optimizer/core";
import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect, test } from "vitest";
import { parseSince } from "../src/parse-since.ts";
import { renderSavings } from "../src/render-savings.ts";
import { cli, serve, testFolder } from "./cli.ts";

const counter = await loadO200kTokenCounter();

/** What a client puts before a model of a list, and all of it, by the very message that it received: its parser drops fields. */
async function received(client: Client): Promise<{ model: number; wire: number; parsed: number }> {
  const transport = client.transport!;
  const { onmessage } = transport;
  let tools: readonly ToolDefinition[] = [];
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- not an event target
  transport.onmessage = (message, extra) => {
    const { result } = message as { result?: { tools?: readonly ToolDefinition[] } };
    tools = result?.tools ?? tools;
    onmessage?.(message, extra);
  };
  await client.listTools();
  const count = (text: (tool: ToolDefinition) => object): number =>
    tools.reduce((sum, tool) => sum + counter.count(JSON.stringify(text(tool))), 0);
  return {
    model: count(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    wire: count((tool) => tool),
    // The order of fields after our parser, which puts these two first.
    parsed: count(({ name, inputSchema, ...rest }) => ({ name, inputSchema, ...rest })),
  };
}

test("a session's figures are those of the lists that real clients received, and of what it said", async () => {
  const fixture = fixtureServerCommand();
  await using folder = await testFolder(
    { fixture },
    { state: "state", features: { executionMode: "code_execution" } },
  );
  const savings = async (...args: string[]) => await cli(["savings", ...args, "-c", folder.config]);
  const before = await savings();
  expect(before).toMatchObject({
    code: 0,
    stdout: "",
    stderr: expect.stringContaining("Nothing is recorded yet") as string,
  });

  const direct = new Client({ name: "direct", version: "1.0.0" });
  await direct.connect(new StdioClientTransport({ ...fixture, args: [...(fixture.args ?? [])] }));
  const classic = await received(direct);
  await direct.close();
  const served = await serve(folder.config);
  const ours = await received(served.client);
  const found = await served.search("add two numbers");
  const code = "return (await fixture.add({ a: 20, b: 22 })).sum";
  await served.run(code);
  await served.client.close();

  const { stdout } = await savings("--json", "--by", "run");
  const summary = JSON.parse(stdout) as LedgerSummary;
  const { figures } = summary;
  expect(figures.definitions).toMatchObject({ tokens: classic.model, mark: "measured" });
  expect(figures.list).toMatchObject({ tokens: ours.model, mark: "measured" });
  expect(figures.definitionsWire.tokens).toBe(classic.parsed);
  expect(figures.listWire.tokens).toBe(ours.wire);
  expect(figures.search.tokens).toBe(
    counter.count(JSON.stringify({ query: "add two numbers" })) + counter.count(found),
  );
  expect(figures.programs.tokens).toBe(counter.count(JSON.stringify({ code })));
  expect(figures.arguments.tokens).toBe(counter.count('{"a":20,"b":22}'));
  expect(figures.results.tokens).toBe(counter.count('{"sum":42}'));
  expect(figures.saved.tokens).toBe(figures.baseline.tokens - figures.ours.tokens);
  expect(summary).toMatchObject({ sessions: 1, tools: [{ name: "fixture.add", calls: 1 }] });

  const { key } = summary.each!.find((one) => one.key !== undefined)!;
  const run = await savings("--run", key!);
  const line = (name: string): string[] =>
    run.stdout
      .split("\n")
      .find((one) => one.startsWith(`${name}\t`))!
      .split("\t");
  expect(line("definitions").slice(1, 3)).toEqual(["0", "measured"]);
  expect(line("results of calls")).toEqual([
    "results of calls",
    String(figures.results.tokens),
    "measured",
    "fixture.add ×1",
  ]);
  expect(run.stdout).toContain("A run has no list of tools of its own");
}, 60_000);

const NOTHING = { tokens: 0, mark: "computed", estimated: 0 } as const;
const SUMMARY: LedgerSummary = {
  encoding: "o200k_base",
  of: { tenant: "local", session: "\u001B[31ms" },
  from: 0,
  to: 60_000,
  sessions: 1,
  servers: Array.from({ length: 12 }, (_, at) => ({ name: `server${at}`, definitions: 1 })),
  tools: [],
  notes: ["A note."],
  figures: {
    ...(Object.fromEntries(
      [
        "definitions",
        "arguments",
        "results",
        "list",
        "search",
        "programs",
        "answers",
        "direct",
        "retries",
      ].map((part) => [part, NOTHING]),
    ) as unknown as LedgerSummary["figures"]),
    baseline: { tokens: 200, mark: "computed", estimated: 0 },
    ours: { tokens: 250, mark: "estimated", estimated: 30 },
    saved: { tokens: -50, mark: "estimated", estimated: 30 },
    savedShare: -0.25,
    definitionsAvoided: NOTHING,
    definitionsWire: NOTHING,
    listWire: NOTHING,
    failedCalls: NOTHING,
    media: 0,
  },
};

test("what cost more is shown as it is, with its baseline and its mark", () => {
  const text = renderSavings(SUMMARY, false);
  expect(text).toContain("saved\t-50\testimated\t-25.0 % of 200\n");
  expect(text).toContain("server7 and 4 more");
  expect(text).toContain("A note.\n");
  expect(text).not.toContain("\u001B");
  const { savedShare: _none, ...figures } = SUMMARY.figures;
  const nothing = renderSavings({ ...SUMMARY, figures: { ...figures, baseline: NOTHING } }, false);
  expect(nothing).toContain("saved\t-50\testimated\tof a baseline of nothing\n");
  expect(nothing).not.toContain("%");
});

test.each<[string, number | RegExp]>([
  ["7d", 1_000_000_000 - 7 * 86_400_000],
  ["30m", 1_000_000_000 - 1_800_000],
  ["2026-11-21", Date.UTC(2026, 10, 21)],
  ["2026-11-21T10:00Z", Date.UTC(2026, 10, 21, 10)],
  ["yesterday", /--since takes/],
  ["7", /--since takes/],
  ["2026-13-45", /--since takes/],
])("--since %s", (text, expected) => {
  if (typeof expected === "number") expect(parseSince(text, 1_000_000_000)).toBe(expected);
  else expect(() => parseSince(text, 0)).toThrow(expected);
});
