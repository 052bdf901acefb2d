import type { Ranker, TokenCounter } from "@mcp-optimizer/contracts";
import { createCatalogueSearch, type Catalogue } from "@mcp-optimizer/core";
import { answerQualities, type AnswerQualities } from "./answer-quality.ts";
import type { LiveMcpBench } from "./live-mcp-bench.ts";
import { perStepRecall, wholeTaskRecall, type Recall } from "./recall.ts";
import { searchSpeed, type SearchSpeed } from "./search-speed.ts";

/** What is found by one query a step; also within what a model reads of the answers, which have the cut-off and the default size. */
export type PerStepRecall = Recall & { readonly "recall@600tokens": number };

/** Everything that is measured of a ranker. */
export interface RankerFigures {
  readonly ranker: string;
  readonly wholeTask: Recall;
  readonly perStep: PerStepRecall;
  /** With the relevance cut-off and the default size of an answer. */
  readonly answers: AnswerQualities;
  readonly p95Ms10k: number;
  readonly speed10k: SearchSpeed;
}

/** What a ranker finds on LiveMCPBench. */
export function rankerQuality(
  { tasks }: LiveMcpBench,
  catalogue: Catalogue,
  ranker: Ranker,
  counter: TokenCounter,
): Pick<RankerFigures, "ranker" | "wholeTask" | "perStep" | "answers"> {
  const search = createCatalogueSearch(() => catalogue, ranker);
  const answers = answerQualities(search, tasks, counter);
  return {
    ranker: ranker.name,
    wholeTask: wholeTaskRecall(search, tasks),
    perStep: { ...perStepRecall(search, tasks), "recall@600tokens": answers.perStep.within600 },
    answers,
  };
}

/** Measures a ranker: recall on LiveMCPBench through the engine's own search, and the time of a search over 10,000 tools. */
export async function rankerFigures(
  bench: LiveMcpBench,
  catalogue: Catalogue,
  makeRanker: () => Ranker,
  counter: TokenCounter,
  runs: number,
): Promise<RankerFigures> {
  const quality = rankerQuality(bench, catalogue, makeRanker(), counter);
  const speed10k = await searchSpeed(bench, runs, makeRanker);
  return { ...quality, p95Ms10k: speed10k.p95Ms, speed10k };
}
