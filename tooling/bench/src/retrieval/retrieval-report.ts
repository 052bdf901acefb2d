import { cpus, release, totalmem, type } from "node:os";
import {
  loadO200kTokenCounter,
  buildCatalogue,
  createCatalogueSearch,
  createLexicalRanker,
} from "@mcp-optimizer/core";
import { answerQualities, type AnswerQualities } from "./answer-quality.ts";
import type { LiveMcpBench } from "./live-mcp-bench.ts";
import { perStepRecall, wholeTaskRecall, type Recall } from "./recall.ts";
import { searchSpeed, type SearchSpeed } from "./search-speed.ts";

/** Everything that `bench:retrieval` measures. */
export interface RetrievalReport {
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
  readonly wholeTask: Recall;
  readonly perStep: Recall;
  /** With the relevance cut-off and the default size of an answer. */
  readonly answers: AnswerQualities;
  readonly p95Ms10k: number;
  readonly speed10k: SearchSpeed;
}

/** Measures recall on LiveMCPBench through the engine's own search, and the time of a search over 10,000 tools. */
export async function measureRetrieval(
  bench: LiveMcpBench,
  runs: number,
  progress: (line: string) => void,
): Promise<RetrievalReport> {
  const catalogue = buildCatalogue(
    bench.servers.map((server) => ({ ...server, status: { state: "ready" } })),
  );
  const ranker = createLexicalRanker();
  const search = createCatalogueSearch(() => catalogue, ranker);
  const { servers, tasks } = bench;
  progress(`recall over ${catalogue.tools.length} tools, ${tasks.length} tasks`);
  const wholeTask = wholeTaskRecall(search, tasks);
  const perStep = perStepRecall(search, tasks);
  progress("answers of the default size");
  const answers = answerQualities(search, tasks, await loadO200kTokenCounter());
  progress(`searches over 10,000 tools, ${runs} runs`);
  const speed10k = await searchSpeed(bench, runs);
  return {
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      os: `${type()} ${release()}`,
    },
    versions: { node: process.versions.node, ranker: ranker.name },
    runs,
    catalogue: {
      servers: servers.length,
      tools: catalogue.tools.length,
      tasks: tasks.length,
      steps: tasks.reduce((sum, { steps }) => sum + steps.length, 0),
    },
    wholeTask,
    perStep,
    answers,
    p95Ms10k: speed10k.p95Ms,
    speed10k,
  };
}
