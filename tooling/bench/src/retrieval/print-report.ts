import type { AnswerQuality } from "./answer-quality.ts";
import type { Recall } from "./recall.ts";
import type { RetrievalReport } from "./retrieval-report.ts";

/** The report as lines for a person. */
export function printReport({
  machine,
  versions,
  catalogue,
  wholeTask,
  perStep,
  answers,
  speed10k,
  runs,
}: RetrievalReport): string {
  return [
    `LiveMCPBench: ${catalogue.tools} tools of ${catalogue.servers} servers, ${catalogue.tasks} tasks, ${catalogue.steps} steps; ranker ${versions.ranker}`,
    "",
    "recall                 @1    @3    @5   @10   @20",
    `  whole task        ${recall(wholeTask)}`,
    `  one query a step  ${recall(perStep)}`,
    "",
    "answers of the default size   with signature   named   tools/need   tokens/answer",
    `  whole task                  ${answer(answers.wholeTask)}`,
    `  one search a step           ${answer(answers.perStep)}`,
    `  all steps in one search     ${answer(answers.severalNeeds)}`,
    "",
    `${speed10k.tools} tools of ${speed10k.servers} servers: search p50 ${speed10k.p50Ms} ms, p95 ${speed10k.p95Ms} ms (median of ${runs} runs of ${speed10k.queries}: ${speed10k.p95Runs.join(", ")})`,
    `  catalogue ${speed10k.buildMs} ms; index ${speed10k.indexMs} ms in the background, event loop held ${speed10k.longestBlockMs} ms at most`,
    `machine: ${machine.cores} x ${machine.cpu}, ${machine.memoryGb} GB, ${machine.os}, Node ${versions.node}`,
  ].join("\n");
}

function recall(figures: Recall): string {
  return Object.values(figures)
    .map((figure) => figure.toFixed(3).padStart(6))
    .join("");
}

function answer({ signatures, names, hitsPerNeed, tokens }: AnswerQuality): string {
  return `${signatures.toFixed(3).padStart(14)}${names.toFixed(3).padStart(8)}${hitsPerNeed.toFixed(1).padStart(13)}${tokens.toFixed(0).padStart(16)}`;
}
