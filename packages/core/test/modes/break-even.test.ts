import type { TokenCounter, ToolDefinition } from "@mcp-optimizer/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { measureBreakEven } from "../../src/modes/break-even.ts";
import { loadO200kTokenCounter } from "../../src/tokens/o200k-token-counter.ts";
import { toolTokens } from "../../src/tokens/tool-tokens.ts";
import { hasCorpus, readCorpus } from "../read-corpus.ts";
import { tool } from "../catalogue/listings.ts";
import { modesOf } from "./modes-of.ts";

let counter: TokenCounter;
beforeAll(async () => {
  counter = await loadO200kTokenCounter();
});

/** A counter whose tokens are characters, so that sums can be read off. */
const characters: TokenCounter = { encoding: "characters", count: (text) => text.length };
const size = (list: readonly ToolDefinition[]): number =>
  list.reduce((sum, one) => sum + toolTokens(characters, one), 0);

const runCode = tool("run_code");
const list = [tool("search_tools"), runCode, tool("call_tool")];

describe("the break-even", () => {
  test("sets the definitions against what search costs beyond run_code, and says so", () => {
    const definitions = [tool("a__b"), tool("a__c")];
    const answer = "x".repeat(40);
    const even = measureBreakEven({ definitions, list, runCode, search: () => answer, counter: characters });
    expect(even).toMatchObject({
      definitionTokens: size(definitions),
      listTokens: size(list),
      runCodeTokens: size([runCode]),
      searchTokens: 40,
      searches: 2,
      breakEvenTokens: size(list) - size([runCode]) + 40,
      passThrough: true,
    });
    expect(even.reason).toContain(`${even.definitionTokens} tokens`);
    expect(even.reason).toContain(`${even.breakEvenTokens}`);
  });

  test("is where both cost the same: a token more, and the tools are found by search", () => {
    const definitions = [tool("a__b", { description: "y".repeat(500) })];
    const same = size(definitions) - (size(list) - size([runCode]));
    const passThrough = (answer: number): boolean =>
      measureBreakEven({
        definitions,
        list,
        runCode,
        search: () => "x".repeat(answer),
        counter: characters,
      }).passThrough;
    expect([passThrough(same), passThrough(same - 1)]).toEqual([true, false]);
  });

  test("searches for up to twenty tools, evenly taken, each by one need in its server's words", () => {
    const definitions = Array.from({ length: 50 }, (_, index) =>
      tool(`s__tool_${index}`, {
        description: index === 0 ? "" : `Does: thing ${index}; then another. And more.`,
      }),
    );
    const asked: string[] = [];
    const search = (query: string): string => {
      asked.push(query);
      return "answer";
    };
    expect(measureBreakEven({ definitions, list, runCode, search, counter: characters }).searches).toBe(20);
    expect(asked[0]).toBe("s tool 0");
    expect(asked[1]).toBe("Does, thing 2, then another.");
    expect(asked.at(-1)).toBe("Does, thing 47, then another.");
  });

  test("without tools, there is nothing to pass through", () => {
    const even = measureBreakEven({ definitions: [], list, runCode, search: () => "", counter: characters });
    expect(even).toMatchObject({ passThrough: false, searchTokens: 0, searches: 0, definitionTokens: 0 });
  });
});

describe.skipIf(!hasCorpus)("the break-even of recorded servers", () => {
  test.each([
    ["postgres", true],
    ["mysql", true],
    ["eslint", true],
    ["redis", false],
    ["memory", false],
    ["git", false],
    ["gitlab", false],
  ])("%s: passed through %s", (server, passThrough) => {
    const modes = modesOf(readCorpus([server]), counter);
    const even = modes.breakEven();
    expect(even.passThrough).toBe(passThrough);
    expect(even.definitionTokens <= even.breakEvenTokens).toBe(passThrough);
    expect(modes.exposure().passThrough).toBe(passThrough);
    expect(even.searchTokens).toBeGreaterThan(20);
    expect(even.searchTokens).toBeLessThan(1_000);
  });

  test("lets three of them through, alone", () => {
    const servers = readCorpus().servers.map(({ name }) => name);
    const through = servers.filter((server) => modesOf(readCorpus([server]), counter).exposure().passThrough);
    expect(servers).toHaveLength(34);
    expect(through).toEqual(["eslint", "mysql", "postgres"]);
  });

  test("of several small servers is that of all their tools together", () => {
    const modes = modesOf(readCorpus(["postgres", "mysql"]), counter);
    expect(modes.breakEven()).toMatchObject({ searches: 2, passThrough: true });
    expect(modesOf(readCorpus(["postgres", "mysql", "eslint"]), counter).breakEven().passThrough).toBe(false);
  });
});
