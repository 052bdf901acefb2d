import type { ExecutionMode, Ranker } from "@mcp-optimizer/contracts";
import { createFixtureToolbox, createInMemoryProvider } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import { createOptimizer } from "../../src/create-optimizer.ts";
import type { Optimizer } from "../../src/optimizer.ts";
import { createLexicalRanker } from "../../src/search/lexical-ranker.ts";
import { NO_SANDBOX } from "../modes/no-sandbox.ts";

interface Opened {
  readonly optimizer: Optimizer;
  /** How many documents the ranker has read so far. */
  readonly read: () => number;
  /** How many texts were counted so far. */
  readonly counted: () => number;
}

async function open(mode: ExecutionMode, tools: number, indexAhead?: boolean): Promise<Opened> {
  const lexical = createLexicalRanker();
  let documents = 0;
  let counts = 0;
  const tokenCounter = { encoding: "characters", count: (text: string) => ((counts += 1), text.length) };
  const segment: Ranker["segment"] = (given) => {
    documents += given.length;
    return lexical.segment(given);
  };
  const box = createFixtureToolbox(
    Array.from({ length: tools }, (_, at) => ({
      definition: {
        name: `tool_${at}`,
        description: `Does the thing of number ${at}.`,
        inputSchema: { type: "object" },
      },
      call: () => ({ content: [] }),
    })),
  );
  const optimizer = await createOptimizer({
    upstreams: [createInMemoryProvider("box", box)],
    sandbox: NO_SANDBOX,
    flags: { executionMode: mode },
    ranker: { ...lexical, segment },
    tokenCounter,
    ...(indexAhead !== undefined && { indexAhead }),
  });
  onTestFinished(() => optimizer.dispose());
  return { optimizer, read: () => documents, counted: () => counts };
}

test.for<[ExecutionMode, number]>([
  ["code_execution", 3],
  ["hybrid", 300],
])("where search is shown, in %s with %i tools, they are indexed ahead", async ([mode, tools]) => {
  const { read } = await open(mode, tools);
  await vi.waitFor(() => expect(read()).toBe(tools));
});

test.for<[ExecutionMode, number, boolean]>([
  ["mcp_only", 3, true],
  ["hybrid", 3, true],
  ["code_execution", 3, false],
])("in %s with %i tools, ahead %s, the first search indexes", async ([mode, tools, ahead]) => {
  const { optimizer, read } = await open(mode, tools, ahead);
  expect(optimizer.modes.exposure().tools.length).toBeGreaterThan(0);
  expect(read()).toBe(0);
  expect(optimizer.search({ query: "tool_2" }).needs[0]!.hits[0]!.name).toBe("tool_2");
  expect(read()).toBe(tools);
});

test.for([true, false])("ahead %s, so early the list of tools is measured", async (ahead) => {
  const { optimizer, counted } = await open("hybrid", 3, ahead);
  expect(counted() > 0).toBe(ahead);
  expect(optimizer.tools.length).toBeGreaterThan(0);
  expect(counted()).toBeGreaterThan(0);
});
