import type { TokenCounter } from "@mcp-optimizer/contracts";
import { createStandardToolbox } from "@mcp-optimizer/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import { createCatalogueView } from "../../src/catalogue/catalogue-view.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import { loadO200kTokenCounter } from "../../src/tokens/o200k-token-counter.ts";
import { ready, tool } from "../catalogue/listings.ts";
import { hasCorpus, readCorpus } from "../read-corpus.ts";
import { modesOf } from "./modes-of.ts";

let counter: TokenCounter;
beforeAll(async () => {
  counter = await loadO200kTokenCounter();
});

const definitions = createStandardToolbox().tools.map(({ definition }) => definition);
const standard = buildCatalogue([ready("fixture", definitions), ready("other", [tool("echo")])]);
const small = buildCatalogue([ready("git", [tool("git_log")]), ready("time", [tool("get-now")])]);
const names = (tools: readonly { name: string }[]): string[] => tools.map(({ name }) => name);

describe("mcp_only", () => {
  test("lists every tool as its server defines it, but for the name", () => {
    const { tools, passThrough } = modesOf(standard, counter, { mode: "mcp_only" }).exposure();
    expect(passThrough).toBe(true);
    expect(tools).toHaveLength(definitions.length + 1);
    definitions.forEach((definition, index) => {
      expect(tools[index]).toEqual({ ...definition, name: `fixture__${definition.name}` });
      expect(Object.keys(tools[index]!)).toEqual(Object.keys(definition));
    });
  });

  test.skipIf(!hasCorpus)("does so for each of a thousand recorded tools", () => {
    const catalogue = readCorpus();
    const exposure = modesOf(catalogue, counter, { mode: "mcp_only" }).exposure();
    catalogue.tools.forEach((one, index) => {
      const { name, ...rest } = exposure.tools[index]!;
      const { name: own, ...definition } = one.definition;
      expect(JSON.stringify(rest)).toBe(JSON.stringify(definition));
      expect(exposure.upstream(name)).toBe(one);
      expect(own).toBe(one.name);
    });
  });

  test("has no tools of its own", () => {
    expect([...modesOf(standard, counter, { mode: "mcp_only" }).exposure().own]).toEqual([]);
  });
});

describe("code_execution", () => {
  test("lists the manifest alone, and reaches no upstream tool but by programs", () => {
    const exposure = modesOf(small, counter, { mode: "code_execution" }).exposure();
    expect(names(exposure.tools)).toEqual(["search_tools", "run_code"]);
    expect(exposure.upstream("git__git_log")).toBeUndefined();
  });
});

describe("hybrid", () => {
  test("passes few small tools through, with run_code beside them, and says why", () => {
    const exposure = modesOf(small, counter).exposure();
    expect(names(exposure.tools)).toEqual(["run_code", "git__git_log", "time__get-now"]);
    expect(exposure.tools[0]!.description).toContain("server__tool is await server.tool({…})");
    expect(exposure).toMatchObject({ passThrough: true, breakEven: { passThrough: true } });
    expect(exposure.reason).toMatch(/2 tools have \d+ tokens, within the break-even of \d+/);
  });

  test("else lists search, programs, single calls and the pinned tools in the order of the pins", () => {
    const pinned = ["other.echo", "fixture.add", "fixture__add", "gone.tool"];
    const exposure = modesOf(standard, counter, { pinned }).exposure();
    expect(names(exposure.tools)).toEqual([
      "search_tools",
      "run_code",
      "call_tool",
      "other__echo",
      "fixture__add",
    ]);
    expect(exposure.tools[4]).toEqual({
      ...definitions.find(({ name }) => name === "add"),
      name: "fixture__add",
    });
    expect(exposure).toMatchObject({ passThrough: false, breakEven: { passThrough: false } });
    expect(exposure.reason).toMatch(/over the break-even of \d+: they are found by search/);
  });

  test("reaches what it lists on the other side of the break-even: a client may have that list", () => {
    for (const catalogue of [small, standard]) {
      const { own, upstream } = modesOf(catalogue, counter).exposure();
      expect([...own]).toEqual(["search_tools", "run_code", "call_tool"]);
      for (const one of catalogue.tools)
        expect(upstream(`${one.server}__${one.name.replaceAll(".", "_")}`)).toBe(one);
    }
  });

  test("passes nothing through while a server is still to list its tools", () => {
    const late = buildCatalogue([
      ready("git", [tool("git_log")]),
      { name: "late", status: { state: "connecting" }, tools: [] },
    ]);
    const exposure = modesOf(late, counter).exposure();
    expect(names(exposure.tools)).toEqual(["search_tools", "run_code", "call_tool"]);
    expect(exposure).toMatchObject({ passThrough: false, reason: "late is still connecting" });
    expect(exposure.breakEven).toBeUndefined();
  });

  test.skipIf(!hasCorpus)("does not measure what is beyond doubt, and the list costs little", () => {
    const modes = modesOf(readCorpus(), counter);
    const exposure = modes.exposure();
    expect(exposure.breakEven).toBeUndefined();
    expect(exposure.reason).toContain("tools are found by search");
    expect(counter.count(JSON.stringify(exposure.tools))).toBeLessThanOrEqual(187 + 60);
    const programs = modes.exposure({ tenant: "local" }, "code_execution");
    expect(counter.count(JSON.stringify(programs.tools))).toBeLessThanOrEqual(187);
  });
});

describe("an exposure", () => {
  test("is the same object for all connections while the catalogue stays, and its list in catalogue order", () => {
    const modes = modesOf(standard, counter);
    expect(modes.exposure()).toBe(modes.exposure({ tenant: "local" }));
    expect(JSON.stringify(modesOf(standard, counter).exposure().tools)).toBe(
      JSON.stringify(modes.exposure().tools),
    );
  });

  test("has nothing that the policy hides, for that tenant", () => {
    const policy = createPolicy({
      rules: [
        { decide: "deny", server: "other" },
        { decide: "deny", tool: "add", tenant: "guests" },
      ],
    });
    const views = createCatalogueView(() => standard, policy);
    const aGuest = { tenant: "guests" };
    const modes = modesOf(views, counter, { mode: "mcp_only", pinned: ["fixture.add"] });
    expect(names(modes.exposure().tools)).toContain("fixture__add");
    expect(names(modes.exposure().tools)).not.toContain("other__echo");
    expect(names(modes.exposure(aGuest).tools)).not.toContain("fixture__add");
    expect(modes.exposure(aGuest).upstream("fixture__add")).toBeUndefined();
    expect(JSON.stringify(modes.exposure(aGuest, "hybrid").tools)).not.toContain("add");
    expect(modes.exposure(aGuest, "code_execution").tools[0]!.description).toContain("tools of fixture(8).");
  });
});
