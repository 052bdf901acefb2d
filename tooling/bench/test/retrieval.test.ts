import {
  buildCatalogue,
  createCatalogueSearch,
  createLexicalRanker,
  createMeaningRanker,
  loadO200kTokenCounter,
  type Catalogue,
} from "@mcp-optimizer/core";
import { beforeAll, describe, expect, test } from "vitest";
import { loadBenchTable, SHIPPED } from "../src/retrieval/bench-word-vectors.ts";
import {
  benchFolder,
  hasLiveMcpBench,
  readLiveMcpBench,
  type LiveMcpBench,
} from "../src/retrieval/live-mcp-bench.ts";
import { placeOfTool } from "../src/retrieval/place-of-tool.ts";
import { rankerQuality } from "../src/retrieval/ranker-figures.ts";
import { foundShare, perStepRecall, wholeTaskRecall } from "../src/retrieval/recall.ts";

const folder = benchFolder(process.env);
const table = hasLiveMcpBench(folder) ? await loadBenchTable(folder) : undefined;

// A gate is the goal less .02.
describe.skipIf(!hasLiveMcpBench(folder))(
  "retrieval on LiveMCPBench (skipped when ../shared/data/livemcpbench is absent)",
  () => {
    let bench: LiveMcpBench;
    let catalogue: Catalogue;
    beforeAll(async () => {
      bench = await readLiveMcpBench(folder);
      catalogue = buildCatalogue(bench.servers.map((server) => ({ ...server, status: { state: "ready" } })));
    });

    test("the benchmark is whole", () => {
      expect(bench.servers.flatMap(({ tools }) => tools)).toHaveLength(527);
      expect(bench.tasks).toHaveLength(94);
      expect(bench.tasks.flatMap(({ steps }) => steps)).toHaveLength(267);
      expect(bench.tasks.flatMap(({ gold }) => gold)).toHaveLength(251);
    });

    test("words alone reach .36, .70 and .79", () => {
      const search = createCatalogueSearch(() => catalogue, createLexicalRanker());
      const perStep = perStepRecall(search, bench.tasks);
      expect(wholeTaskRecall(search, bench.tasks)["recall@5"]).toBeGreaterThanOrEqual(0.34);
      expect(perStep["recall@5"]).toBeGreaterThanOrEqual(0.68);
      expect(perStep["recall@10"]).toBeGreaterThanOrEqual(0.77);
    });

    test.skipIf(table?.source !== SHIPPED)(
      `with meaning it is .41, .53, .75, .84, and .89 within 600 tokens (skipped when ${SHIPPED} is absent)`,
      async () => {
        const ranker = createMeaningRanker({ vectors: () => table!.vectors });
        const counter = await loadO200kTokenCounter();
        const { wholeTask, perStep, answers } = rankerQuality(bench, catalogue, ranker, counter);
        expect(wholeTask["recall@5"]).toBeGreaterThanOrEqual(0.39);
        expect(wholeTask["recall@10"]).toBeGreaterThanOrEqual(0.51);
        expect(perStep["recall@5"]).toBeGreaterThanOrEqual(0.73);
        expect(perStep["recall@10"]).toBeGreaterThanOrEqual(0.82);
        expect(perStep["recall@600tokens"]).toBeGreaterThanOrEqual(0.87);
        expect(answers.perStep.tokens).toBeLessThan(400);
      },
    );

    test("every tool is first for its name and for its path", () => {
      const vectors = () => table?.vectors;
      const search = createCatalogueSearch(() => catalogue, createMeaningRanker({ vectors }));
      for (const { name, path } of catalogue.tools) {
        const same = catalogue.lookup(name).length;
        expect(
          search
            .rank(name)
            .slice(0, same)
            .map(({ tool }) => tool.name),
        ).toContain(name);
        expect(search.rank(path)[0]!.tool.path).toBe(path);
      }
    });
  },
);

test("the share of found names", () => {
  expect(foundShare(["a", "b"], ["b", "c", "b"])).toBe(0.5);
  expect(foundShare(["a"], [])).toBe(0);
});

test("where a name ends in the text of an answer: as a signature, or in its server's line", () => {
  const text =
    "2 tools:\ngit.log(args?: {}): Promise<unknown> // git.status too\nAlso, names by server:\ngit: logs, status\nfs: log";
  const before = (path: string): string | undefined => {
    const end = placeOfTool(text, path);
    return end === undefined ? undefined : text.slice(0, end);
  };
  expect(before("git.log")).toBe("2 tools:\ngit.log");
  expect(before("git.status")?.endsWith("git: logs, status")).toBe(true);
  expect(before("fs.log")).toBe(text);
  expect(before("git.stat")).toBeUndefined();
  expect(before("ftp.log")).toBeUndefined();
});
