import { cpus, release, totalmem, type } from "node:os";
import {
  buildCatalogue,
  createLexicalRanker,
  createMeaningRanker,
  loadO200kTokenCounter,
} from "@mcp-optimizer/core";
import type { BenchTable } from "./bench-word-vectors.ts";
import type { LiveMcpBench } from "./live-mcp-bench.ts";
import { rankerFigures, type RankerFigures } from "./ranker-figures.ts";

/** Everything that `bench:retrieval` measures. The figures beside the machine's are the best ranker's: with meaning, where there is a table. */
export interface RetrievalReport extends RankerFigures {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly os: string;
  };
  readonly versions: { readonly node: string; readonly ranker: string };
  /** Repeats of the timed part; the rest is the same every time. */
  readonly runs: number;
  readonly catalogue: {
    readonly servers: number;
    readonly tools: number;
    readonly tasks: number;
    readonly steps: number;
  };
  /** The table of word vectors; absent where there is none. */
  readonly table?: {
    readonly source: string;
    readonly loadMs: number;
    readonly loadCpuMs: number;
    readonly words: number;
    readonly dimensions: number;
  };
  /** The same without word vectors. */
  readonly lexical: RankerFigures;
}

/** Measures both rankers on the same tasks. */
export async function measureRetrieval(
  bench: LiveMcpBench,
  table: BenchTable | undefined,
  runs: number,
  progress: (line: string) => void,
): Promise<RetrievalReport> {
  const { servers, tasks } = bench;
  const catalogue = buildCatalogue(servers.map((server) => ({ ...server, status: { state: "ready" } })));
  const counter = await loadO200kTokenCounter();
  const measure = async (makeRanker: typeof createLexicalRanker): Promise<RankerFigures> => {
    progress(
      `${makeRanker().name}: ${catalogue.tools.length} tools, ${tasks.length} tasks, ${runs} timed runs`,
    );
    return await rankerFigures(bench, catalogue, makeRanker, counter, runs);
  };
  const lexical = await measure(createLexicalRanker);
  const best = table && (await measure(() => createMeaningRanker({ vectors: () => table.vectors })));
  const figures = best ?? lexical;
  return {
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      os: `${type()} ${release()}`,
    },
    versions: { node: process.versions.node, ranker: figures.ranker },
    runs,
    catalogue: {
      servers: servers.length,
      tools: catalogue.tools.length,
      tasks: tasks.length,
      steps: tasks.reduce((sum, { steps }) => sum + steps.length, 0),
    },
    ...(table && {
      table: {
        source: table.source,
        loadMs: table.loadMs,
        loadCpuMs: table.loadCpuMs,
        words: table.vectors.weights.length,
        dimensions: table.vectors.dimensions,
      },
    }),
    ...figures,
    lexical,
  };
}
