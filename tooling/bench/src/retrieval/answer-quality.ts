import type { TokenCounter } from "@mcp-optimizer/contracts";
import { renderSearchAnswer, type CatalogueSearch, type SearchAnswer } from "@mcp-optimizer/core";
import type { BenchTask } from "./live-mcp-bench.ts";
import { placeOfTool } from "./place-of-tool.ts";
import { foundShare, mean } from "./recall.ts";

const READ = 600;

/** What a model gets in answers of the default size. */
export interface AnswerQuality {
  /** Mean share of a task's tools that are shown with a signature. */
  readonly signatures: number;
  /** Mean share of a task's tools that are named at all. */
  readonly names: number;
  /** Mean share of a task's tools whose name is in the first 600 tokens of an answer's text. */
  readonly within600: number;
  /** Mean number of tools shown for one need. */
  readonly hitsPerNeed: number;
  /** Mean tokens of one answer. */
  readonly tokens: number;
}

/** How the relevance cut-off and the size of an answer affect what is found. */
export interface AnswerQualities {
  /** One search with the task's text. */
  readonly wholeTask: AnswerQuality;
  /** One search per step. */
  readonly perStep: AnswerQuality;
  /** One search with all steps as its needs. */
  readonly severalNeeds: AnswerQuality;
}

/** Measures answers as a model reads them: with the cut-off, the default page and the default detail. */
export function answerQualities(
  search: CatalogueSearch,
  tasks: readonly BenchTask[],
  counter: TokenCounter,
): AnswerQualities {
  const measure = (queries: (task: BenchTask) => readonly (readonly string[])[]): AnswerQuality =>
    quality(tasks, (task) => queries(task).map((query) => search({ query })), counter);
  return {
    wholeTask: measure(({ question }) => [[question.replaceAll(/[;\n]/gu, ",")]]),
    perStep: measure(({ steps }) => steps.map((step) => [step.replaceAll(";", ",")])),
    severalNeeds: measure(({ steps }) => [steps.map((step) => step.replaceAll(";", ","))]),
  };
}

function quality(
  tasks: readonly BenchTask[],
  ask: (task: BenchTask) => readonly SearchAnswer[],
  counter: TokenCounter,
): AnswerQuality {
  const answers = tasks.map(ask);
  const texts = new Map(answers.flat().map((answer) => [answer, renderSearchAnswer(answer)]));
  const hits = answers.map((list) => list.flatMap(({ needs }) => needs.flatMap((need) => need.hits)));
  const share = (names: (task: number) => string[]): number =>
    mean(tasks.map(({ gold }, task) => foundShare(gold, names(task))));
  const read = (answer: SearchAnswer, gold: readonly string[]): string[] => {
    const text = texts.get(answer)!;
    const found = answer.needs.flatMap((need) => need.hits.filter(({ name }) => gold.includes(name)));
    return found
      .filter(({ path }) => {
        const end = placeOfTool(text, path);
        return end !== undefined && counter.count(text.slice(0, end)) <= READ;
      })
      .map(({ name }) => name);
  };
  return {
    signatures: share((task) =>
      hits[task]!.filter((hit) => hit.signature !== undefined).map((hit) => hit.name),
    ),
    names: share((task) => hits[task]!.map((hit) => hit.name)),
    within600: share((task) => answers[task]!.flatMap((answer) => read(answer, tasks[task]!.gold))),
    hitsPerNeed: mean(answers.flat().flatMap(({ needs }) => needs.map((need) => need.hits.length))),
    tokens: mean([...texts.values()].map((text) => counter.count(text))),
  };
}
