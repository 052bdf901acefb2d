import { buildCatalogue, createCatalogueSearch, createLexicalRanker } from "@mcp-optimizer/core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  benchFolder,
  hasLiveMcpBench,
  readLiveMcpBench,
  type LiveMcpBench,
} from "../src/retrieval/live-mcp-bench.ts";
import { foundShare, perStepRecall, wholeTaskRecall, type Recall } from "../src/retrieval/recall.ts";

const folder = benchFolder(process.env);

describe.skipIf(!hasLiveMcpBench(folder))(
  "retrieval on LiveMCPBench (skipped when ../shared/data/livemcpbench is absent)",
  () => {
    let bench: LiveMcpBench;
    let wholeTask: Recall;
    let perStep: Recall;
    beforeAll(async () => {
      bench = await readLiveMcpBench(folder);
      const catalogue = buildCatalogue(
        bench.servers.map((server) => ({ ...server, status: { state: "ready" } })),
      );
      const search = createCatalogueSearch(() => catalogue, createLexicalRanker());
      wholeTask = wholeTaskRecall(search, bench.tasks);
      perStep = perStepRecall(search, bench.tasks);
    });

    test("the benchmark is whole", () => {
      expect(bench.servers.flatMap(({ tools }) => tools)).toHaveLength(527);
      expect(bench.tasks).toHaveLength(94);
      expect(bench.tasks.flatMap(({ steps }) => steps)).toHaveLength(267);
      expect(bench.tasks.flatMap(({ gold }) => gold)).toHaveLength(251);
    });

    // The goals of the lexical part are .36, .70 and .79; a gate is the goal less .02.
    test("recall is at its goals", () => {
      expect(wholeTask["recall@5"]).toBeGreaterThanOrEqual(0.34);
      expect(perStep["recall@5"]).toBeGreaterThanOrEqual(0.68);
      expect(perStep["recall@10"]).toBeGreaterThanOrEqual(0.77);
    });
  },
);

test("the share of found names", () => {
  expect(foundShare(["a", "b"], ["b", "c", "b"])).toBe(0.5);
  expect(foundShare(["a"], [])).toBe(0);
});
