import type { CatalogueSearch } from "@mcp-optimizer/core";
import type { BenchTask } from "./live-mcp-bench.ts";

const DEPTHS = [1, 3, 5, 10, 20] as const;

/** Mean share of a task's tools that are among the first k, by `recall@k`. */
export type Recall = Record<`recall@${(typeof DEPTHS)[number]}`, number>;

/** Recall of the whole ranking, without the relevance cut-off: the task's text as one query. */
export function wholeTaskRecall(search: CatalogueSearch, tasks: readonly BenchTask[]): Recall {
  return recall(tasks, ({ question }) => [question], search);
}

/** The same with one query per annotated step; a tool counts when it is among the first k of any step. */
export function perStepRecall(search: CatalogueSearch, tasks: readonly BenchTask[]): Recall {
  return recall(tasks, ({ steps }) => steps, search);
}

function recall(
  tasks: readonly BenchTask[],
  queries: (task: BenchTask) => readonly string[],
  search: CatalogueSearch,
): Recall {
  const rankings = tasks.map((task) =>
    queries(task).map((query) => search.rank(query).map(({ tool }) => tool.name)),
  );
  const at = (depth: number): number =>
    mean(
      tasks.map(({ gold }, task) =>
        foundShare(
          gold,
          rankings[task]!.flatMap((names) => names.slice(0, depth)),
        ),
      ),
    );
  return Object.fromEntries(DEPTHS.map((depth) => [`recall@${depth}`, at(depth)])) as Recall;
}

/** The share of the wanted names that were found. */
export function foundShare(gold: readonly string[], found: readonly string[]): number {
  const names = new Set(found);
  return gold.filter((name) => names.has(name)).length / gold.length;
}

/** The mean, to four digits; 0 of nothing. */
export function mean(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.length === 0 ? 0 : Math.round((sum / values.length) * 10_000) / 10_000;
}
