import { rm } from "node:fs/promises";
import type { Ranker, TokenCounter, ToolProvider } from "@mcp-optimizer/contracts";
import { createOptimizer, toolTokens } from "@mcp-optimizer/core";
import { openSandbox } from "@mcp-optimizer/sandbox";
import type { BenchTask, Situation } from "./bench-task.ts";
import { countClassic } from "./count-classic.ts";
import { countOwn, totalOwn } from "./own-tokens.ts";
import { recordedProvider, type RecordedCall } from "./recorded-provider.ts";
import { runTask } from "./run-task.ts";
import type { TaskFigures } from "./task-figures.ts";

/** What tasks are measured with. */
export interface MeasureTaskParts {
  readonly providers: readonly ToolProvider[];
  readonly situation: Situation;
  readonly counter: TokenCounter;
  readonly ranker: Ranker;
}

/** Runs a task twice in an engine of its own, in `hybrid`: first as one that knows nothing, then as one that has seen these tools. */
export async function measureTask(task: BenchTask, parts: MeasureTaskParts): Promise<TaskFigures> {
  const { situation, counter } = parts;
  let recorded: RecordedCall[] = [];
  const providers = parts.providers.map((provider) =>
    recordedProvider(provider, (call) => recorded.push(call)),
  );
  const empty = (): Promise<void> => rm(situation.memoryFile, { force: true });
  await empty();
  await using optimizer = await createOptimizer({
    upstreams: providers,
    sandbox: await openSandbox({ backend: "wasi" }),
    ranker: parts.ranker,
    flags: { executionMode: "hybrid" },
  });
  const manifest = optimizer.tools.reduce((sum, tool) => sum + toolTokens(counter, tool), 0);
  const started = performance.now();
  const cold = await runTask(task, { optimizer, situation, onProgram: () => (recorded = []) });
  const ms = Math.round(performance.now() - started);
  const calls = recorded;
  recorded = [];
  const classic = countClassic(counter, providers, task.servers, calls);
  await empty();
  const warm = await runTask(task, { optimizer, situation, cold: cold.answers });
  const breakdown = countOwn(counter, manifest, cold.calls);
  const warmBreakdown = countOwn(counter, manifest, warm.calls);
  const problems = [...cold.problems, ...warm.problems.map((problem) => `warm: ${problem}`)];
  return {
    id: task.id,
    classicOwn: classic.own,
    classicAll: classic.all,
    ours: totalOwn(breakdown),
    warm: totalOwn(warmBreakdown),
    calls: calls.length,
    correct: problems.length === 0,
    problems,
    breakdown,
    warmBreakdown,
    ms,
  };
}
