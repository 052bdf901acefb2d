import { cpus, release, totalmem, type } from "node:os";
import { createMeaningRanker, loadO200kTokenCounter } from "@mcp-optimizer/core";
import { openFleet } from "../fleet/open-fleet.ts";
import { SERVER_PACKAGES } from "../fleet/server-packages.ts";
import { loadBenchTable } from "../retrieval/bench-word-vectors.ts";
import { benchFolder } from "../retrieval/live-mcp-bench.ts";
import type { BenchTask, Situation } from "./bench-task.ts";
import { servePages } from "./fixtures/serve-pages.ts";
import { writeFixtures, type Fixtures } from "./fixtures/write-fixtures.ts";
import { measureTask } from "./measure-task.ts";
import type { TaskFigures } from "./task-figures.ts";
import { totalOf, type TotalFigures } from "./total-figures.ts";

/** Everything that `bench:tasks` measures. */
export interface TasksReport {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly os: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly tokens: "o200k_base";
  readonly tasks: readonly TaskFigures[];
  readonly total: TotalFigures;
  /** Until all ten servers were connected, and all in all. */
  readonly ms: { readonly start: number; readonly all: number };
}

/** Starts the ten servers and measures one task after the other. */
export async function measureTasks(
  tasks: readonly BenchTask[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<TasksReport> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  const counter = await loadO200kTokenCounter();
  const table = await loadBenchTable(benchFolder(process.env));
  const ranker = createMeaningRanker({ vectors: () => table?.vectors });
  let fixtures: Fixtures | undefined;
  await using pages = await servePages();
  await using fleet = await openFleet({ env: process.env, say }, async ({ files, sqliteFile }) => {
    fixtures = await writeFixtures(files, sqliteFile);
  });
  const start = elapsed();
  const situation: Situation = {
    ...fleet,
    fixtures: fixtures!,
    stockUrl: `${pages.url}/stock.html`,
    articles: pages.articles,
    call: (server, tool, args) => fleet.providers.find(({ name }) => name === server)!.callTool(tool, args),
  };
  const figures: TaskFigures[] = [];
  for (const task of tasks) {
    signal.throwIfAborted();
    say(`${task.id}: ${task.request(situation)}`);
    figures.push(await measureTask(task, { providers: fleet.providers, situation, counter, ranker }));
  }
  const servers = Object.values(SERVER_PACKAGES).map(({ name, version }) => [name, version] as const);
  return {
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      os: `${type()} ${release()}`,
    },
    versions: {
      node: process.versions.node,
      "word vectors": table?.source ?? "none",
      ...Object.fromEntries(servers),
    },
    tokens: "o200k_base",
    tasks: figures,
    total: totalOf(figures),
    ms: { start, all: elapsed() },
  };
}
