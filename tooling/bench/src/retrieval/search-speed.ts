import type { Ranker } from "@mcp-optimizer/contracts";
import { buildCatalogue, createCatalogueSearch } from "@mcp-optimizer/core";
import type { BenchServer, LiveMcpBench } from "./live-mcp-bench.ts";

/** Times of a catalogue with at least 10,000 tools, in milliseconds: the median of all runs. */
export interface SearchSpeed {
  readonly tools: number;
  readonly servers: number;
  readonly queries: number;
  readonly buildMs: number;
  /** Indexing in the background, from start to end. */
  readonly indexMs: number;
  /** The longest time for which indexing held the event loop. */
  readonly longestBlockMs: number;
  /** Of a search with its signatures. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Per run. */
  readonly p95Runs: readonly number[];
}

type RunTimes = Pick<
  SearchSpeed,
  "tools" | "servers" | "buildMs" | "indexMs" | "longestBlockMs" | "p50Ms" | "p95Ms"
>;

/**
 * Times searches over the benchmark's servers with each tool many times, under names of its own, with all of its tasks and steps as queries, each
 * asked once. Every run starts from tool definitions, so that nothing is known from the run before.
 */
export async function searchSpeed(
  { servers, tasks }: LiveMcpBench,
  runs: number,
  makeRanker: () => Ranker,
): Promise<SearchSpeed> {
  const queries = tasks
    .flatMap(({ question, steps }) => [question, ...steps])
    .map((text) => text.replaceAll(/[;\n]/gu, ","));
  const times: RunTimes[] = [];
  for (let run = 0; run < runs; run++)
    times.push(await timeRun(copies(servers, 10_000), queries, makeRanker()));
  const middle = (key: keyof RunTimes): number => median(times.map((time) => time[key]));
  return {
    tools: middle("tools"),
    servers: middle("servers"),
    queries: queries.length,
    buildMs: middle("buildMs"),
    indexMs: middle("indexMs"),
    longestBlockMs: middle("longestBlockMs"),
    p50Ms: middle("p50Ms"),
    p95Ms: middle("p95Ms"),
    p95Runs: times.map((time) => time.p95Ms),
  };
}

async function timeRun(
  servers: readonly BenchServer[],
  queries: readonly string[],
  ranker: Ranker,
): Promise<RunTimes> {
  const started = performance.now();
  const catalogue = buildCatalogue(servers.map((server) => ({ ...server, status: { state: "ready" } })));
  const buildMs = round(performance.now() - started);
  const search = createCatalogueSearch(() => catalogue, ranker);
  const indexing = await timeIndexing(() => search.prepare());
  const times = queries.map((query) => time(() => search({ query }))).sort((a, b) => a - b);
  return {
    tools: catalogue.tools.length,
    servers: servers.length,
    buildMs,
    ...indexing,
    p50Ms: round(quantile(times, 0.5)),
    p95Ms: round(quantile(times, 0.95)),
  };
}

function copies(servers: readonly BenchServer[], atLeast: number): BenchServer[] {
  const tools = servers.reduce((sum, server) => sum + server.tools.length, 0);
  const times = Array.from({ length: Math.ceil(atLeast / tools) }, (_, copy) => copy);
  return servers.map(({ name, tools }) => ({
    name,
    tools: times.flatMap((copy) => tools.map((tool) => ({ ...tool, name: `${tool.name}_${copy}` }))),
  }));
}

async function timeIndexing(
  prepare: () => Promise<void>,
): Promise<Pick<SearchSpeed, "indexMs" | "longestBlockMs">> {
  const started = performance.now();
  let last = started;
  let longest = 0;
  let done = false;
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!done) setImmediate(tick);
  };
  setImmediate(tick);
  await prepare();
  done = true;
  const ended = performance.now();
  return { indexMs: round(ended - started), longestBlockMs: round(Math.max(longest, ended - last)) };
}

function time(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
