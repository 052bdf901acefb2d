import type { ToolDefinition } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import { ready, tool } from "./listings.ts";

const hostile = (value: unknown): ToolDefinition => value as ToolDefinition;

function nested(levels: number): ToolDefinition {
  let schema: ToolDefinition["inputSchema"] = { type: "string" };
  for (let level = 0; level < levels; level++) schema = { type: "object", properties: { a: schema } };
  return tool("deep", { inputSchema: schema });
}

describe("a catalogue", () => {
  test("gives every tool its path, in the servers' order", () => {
    const catalogue = buildCatalogue([
      ready("ms-365", [tool("list-mail"), tool("send_mail")]),
      ready("git", [tool("git_log")]),
    ]);
    expect(catalogue.version).toBe(1);
    expect(catalogue.tools.map(({ path }) => path)).toEqual([
      "ms365.listMail",
      "ms365.send_mail",
      "git.git_log",
    ]);
    expect(catalogue.servers.map(({ namespace }) => namespace)).toEqual(["ms365", "git"]);
  });

  test("a hash shows each change of a definition, and no change of key order", () => {
    const hash = (definition: ToolDefinition): string =>
      buildCatalogue([ready("s", [definition])]).tools[0]!.hash;
    const first = tool("t", { description: "a", inputSchema: { type: "object", required: ["x"] } });
    const reordered = { inputSchema: { required: ["x"], type: "object" }, description: "a", name: "t" };
    expect(hash(first)).toMatch(/^[0-9a-f]{64}$/u);
    expect(hash(reordered)).toBe(hash(first));
    expect(hash({ ...first, description: "b" })).not.toBe(hash(first));
    expect(hash({ ...first, annotations: { readOnlyHint: true } })).not.toBe(hash(first));
  });

  test("keeps what did not change: snapshot, server, tools", () => {
    const git = ready("git", [tool("git_log"), tool("git_add")]);
    const first = buildCatalogue([git, ready("db", [tool("query")])]);
    const copy = ready("git", structuredClone(git.tools) as ToolDefinition[]);
    expect(buildCatalogue([copy, ready("db", [tool("query")])], first)).toBe(first);

    const changed = buildCatalogue([git, ready("db", [tool("query"), tool("close")])], first);
    expect(changed.version).toBe(2);
    expect(changed.servers[0]).toBe(first.servers[0]);
    expect(changed.servers[1]!.tools[0]).toBe(first.servers[1]!.tools[0]);

    const failed = buildCatalogue(
      [{ ...git, status: { state: "failed", reason: "gone" } }, ready("db", [tool("query")])],
      first,
    );
    expect(failed.servers[0]!.tools).toBe(first.servers[0]!.tools);
    expect(failed.servers[0]!.status).toEqual({ state: "failed", reason: "gone" });
  });

  test("a changed definition is a new tool", () => {
    const first = buildCatalogue([ready("s", [tool("t", { description: "a" })])]);
    const second = buildCatalogue([ready("s", [tool("t", { description: "b" })])], first);
    expect(second.tools[0]!.hash).not.toBe(first.tools[0]!.hash);
    expect(second.tools[0]!.definition.description).toBe("b");
  });

  test("keeps out what cannot be used, and says why", () => {
    const listing = [
      tool("good"),
      tool("good", { description: "again" }),
      hostile({ inputSchema: {} }),
      hostile({ name: " ", inputSchema: {} }),
      hostile({ name: "no-schema" }),
      hostile({ name: "list-schema", inputSchema: [] }),
      hostile({ name: "output", inputSchema: {}, outputSchema: "text" }),
      hostile({ name: "talk", inputSchema: {}, description: 7 }),
      hostile(null),
      hostile("tool"),
      nested(40),
      hostile({ name: "x".repeat(600), inputSchema: {} }),
      hostile({ name: "large", inputSchema: { description: "x".repeat(1_100_000) } }),
    ];
    const [server] = buildCatalogue([ready("s", listing)]).servers;
    expect(server!.tools.map(({ name }) => name)).toEqual(["good"]);
    expect(server!.tools[0]!.definition.description).toBeUndefined();
    expect(server!.problems).toHaveLength(listing.length - 1);
    expect(server!.problems).toContain('"no-schema": its inputSchema is not an object');
    expect(server!.problems).toContain(
      '"good": the server lists this name more than once; the first is used',
    );
    expect(server!.problems).toContain('"large": its definition has more than 1048576 characters');
    expect(server!.problems).toContain('"deep": its definition is nested more than 64 levels deep');
  });

  test("null where a server should have left a field out is no problem", () => {
    const listing = [
      hostile({
        name: "t",
        description: null,
        inputSchema: { type: "object" },
        outputSchema: null,
        annotations: null,
      }),
    ];
    const [server] = buildCatalogue([ready("s", listing)]).servers;
    expect(server!.problems).toEqual([]);
    expect(server!.tools).toHaveLength(1);
  });

  test("of two servers of one name the first counts; like names stay apart", () => {
    const catalogue = buildCatalogue([
      ready("a-b", [tool("one")]),
      ready("a-b", [tool("two")]),
      ready("aB", [tool("three")]),
    ]);
    expect(catalogue.tools.map(({ path }) => path)).toEqual(["aB2.one", "aB.three"]);
  });
});
