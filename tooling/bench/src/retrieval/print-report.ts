import type { AnswerQuality } from "./answer-quality.ts";
import type { RankerFigures } from "./ranker-figures.ts";
import type { Recall } from "./recall.ts";
import type { RetrievalReport } from "./retrieval-report.ts";

/** The report as lines for a person: the rankers as peers. */
export function printReport(report: RetrievalReport): string {
  const { machine, versions, catalogue, table, lexical, runs } = report;
  const rankers = report.ranker === lexical.ranker ? [lexical] : [lexical, report];
  return [
    `LiveMCPBench: ${catalogue.tools} tools of ${catalogue.servers} servers, ${catalogue.tasks} tasks, ${catalogue.steps} steps`,
    table === undefined
      ? "no table of word vectors: the lexical ranker alone"
      : `table: ${table.source}, ${table.words} words of ${table.dimensions} dimensions, loaded with glosses in ${table.loadMs} ms, CPU ${table.loadCpuMs} ms`,
    ...rankers.flatMap((figures) => ["", ...printRanker(figures, runs)]),
    "",
    `machine: ${machine.cores} x ${machine.cpu}, ${machine.memoryGb} GB, ${machine.os}, Node ${versions.node}`,
  ].join("\n");
}

function printRanker(
  { ranker, wholeTask, perStep, answers, speed10k }: RankerFigures,
  runs: number,
): string[] {
  const { "recall@600tokens": within, ...depths } = perStep;
  return [
    `${ranker.padEnd(21)}recall@1    @3    @5   @10   @20`,
    `  whole task           ${recall(wholeTask)}`,
    `  one query a step     ${recall(depths)}   within 600 tokens of answer: ${within.toFixed(3)}`,
    "  answers of the default size   with signature   named   in 600 tokens   tools/need   tokens/answer",
    `    whole task                  ${answer(answers.wholeTask)}`,
    `    one search a step           ${answer(answers.perStep)}`,
    `    all steps in one search     ${answer(answers.severalNeeds)}`,
    `  ${speed10k.tools} tools of ${speed10k.servers} servers, median of ${runs} runs of ${speed10k.queries} searches (CPU: the time for which the main thread ran, without what else the machine did):`,
    `    search p50 ${speed10k.p50Ms} ms, CPU ${speed10k.p50CpuMs} ms; p95 ${speed10k.p95Ms} ms (${speed10k.p95Runs.join(", ")}), CPU ${speed10k.p95CpuMs} ms (${speed10k.p95CpuRuns.join(", ")})`,
    `    catalogue ${speed10k.buildMs} ms; index ${speed10k.indexMs} ms in the background, event loop held ${speed10k.longestBlockMs} ms at most, CPU ${speed10k.longestBlockCpuMs} ms`,
  ];
}

function recall(figures: Recall): string {
  return Object.values(figures)
    .map((figure) => figure.toFixed(3).padStart(6))
    .join("");
}

function answer({ signatures, names, within600, hitsPerNeed, tokens }: AnswerQuality): string {
  return `${signatures.toFixed(3).padStart(14)}${names.toFixed(3).padStart(8)}${within600.toFixed(3).padStart(16)}${hitsPerNeed.toFixed(1).padStart(13)}${tokens.toFixed(0).padStart(16)}`;
}
