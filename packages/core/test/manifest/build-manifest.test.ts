import type { Language, ProviderStatus, TokenCounter, ToolDefinition } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import { buildManifest, MANIFEST_BUDGETS } from "../../src/manifest/build-manifest.ts";
import { loadO200kTokenCounter } from "../../src/tokens/o200k-token-counter.ts";

let counter: TokenCounter;
beforeAll(async () => {
  counter = await loadO200kTokenCounter();
});

const ready: ProviderStatus = { state: "ready" };
const tools = (count: number, name = "tool"): ToolDefinition[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `${name}_${index}`,
    inputSchema: { type: "object" },
  }));
const catalogue = (servers: Record<string, number>) =>
  buildCatalogue(
    Object.entries(servers).map(([name, count]) => ({ name, status: ready, tools: tools(count) })),
  );
const size = (manifest: ToolDefinition[]): number => counter.count(JSON.stringify(manifest));

describe("the manifest", () => {
  test("names the servers with their counts", () => {
    const [search, run] = buildManifest(
      catalogue({ "google-calendar": 13, git: 28 }),
      "minimal",
      ["javascript"],
      counter,
    );
    expect(search!.name).toBe("search_tools");
    expect(search!.description).toContain("googleCalendar(13) git(28).");
    expect(run!.name).toBe("run_code");
  });

  test("says how many servers found no room, and how one stands that has no tools", () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`server-number-${index}`, index]),
    );
    const [search] = buildManifest(catalogue(many), "minimal", ["javascript"], counter);
    expect(search!.description).toMatch(/serverNumber0\(0\) .* and \d\d more\./);
    const failed = buildCatalogue([{ name: "git", status: { state: "failed", reason: "gone" }, tools: [] }]);
    expect(buildManifest(failed, "minimal", ["javascript"], counter)[0]!.description).toContain(
      "git(failed)",
    );
    expect(buildManifest(catalogue({}), "minimal", ["javascript"], counter)[0]!.description).toContain(
      "no server",
    );
  });

  test("offers Python where the sandbox has it, for less than 20 tokens more", () => {
    const plain = buildManifest(catalogue({ git: 28 }), "minimal", ["javascript"], counter);
    const both = buildManifest(catalogue({ git: 28 }), "minimal", ["javascript", "python"], counter);
    expect(plain[1]!.inputSchema["properties"]).not.toHaveProperty("language");
    expect(both[1]!.inputSchema).toMatchObject({ properties: { language: { type: "string" } } });
    expect(both[1]!.description).toContain("await server.tool(key=…)");
    expect(size(both) - size(plain)).toBeLessThan(20);
    const detailed = buildManifest(catalogue({ git: 28 }), "standard", ["javascript", "python"], counter);
    expect(detailed[1]!.inputSchema).toMatchObject({
      properties: { language: { enum: ["typescript", "python"] } },
    });
  });

  test("run_code takes a program with params, or a run to wait for: no argument is always needed", () => {
    const [, run] = buildManifest(catalogue({ git: 28 }), "minimal", ["javascript"], counter);
    expect(Object.keys(run!.inputSchema["properties"]!)).toEqual(["code", "params", "session", "run"]);
    expect(run!.inputSchema).not.toHaveProperty("required");
  });

  test("standard adds tool names: all of them, or as many as fit, and says which", () => {
    const few = buildManifest(catalogue({ a: 3, b: 2 }), "standard", ["javascript"], counter)[0]!
      .description!;
    expect(few).toContain("Names (complete): a: tool_0 tool_1 tool_2; b: tool_0 tool_1.");
    const many = buildManifest(catalogue({ a: 500, b: 500 }), "standard", ["javascript"], counter);
    const [, shown] = /Names \(partial, (\d+) of 1000\)/.exec(many[0]!.description!)!;
    expect(many[0]!.description!.match(/tool_\d+/g)).toHaveLength(Number(shown));
    expect(size(many)).toBeGreaterThan(950);
  });

  test("keeps its budget whatever the servers are called and however many there are", () => {
    const servers = fc.uniqueArray(
      fc.record({
        name: fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }),
        count: fc.nat({ max: 40 }),
      }),
      {
        selector: ({ name }) => name,
        maxLength: 60,
      },
    );
    const profiles = fc.constantFrom("minimal" as const, "standard" as const);
    const languageLists = fc.constantFrom<Language[]>(["javascript"], ["javascript", "python"]);
    fc.assert(
      fc.property(servers, profiles, languageLists, (list, profile, languages) => {
        const snapshot = buildCatalogue(
          list.map(({ name, count }) => ({ name, status: ready, tools: tools(count) })),
        );
        expect(size(buildManifest(snapshot, profile, languages, counter))).toBeLessThanOrEqual(
          MANIFEST_BUDGETS[profile],
        );
      }),
      { numRuns: 60 },
    );
  });

  test("a hundred servers of a hundred tools are no more than one of one", () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`s${index}`, 100]));
    expect(size(buildManifest(catalogue(many), "minimal", ["javascript"], counter))).toBeLessThanOrEqual(187);
    expect(size(buildManifest(catalogue(many), "standard", ["javascript"], counter))).toBeLessThanOrEqual(
      1_000,
    );
  });
});
