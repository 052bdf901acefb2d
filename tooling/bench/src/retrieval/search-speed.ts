import type { Ranker } from "@mcp-optimizer/contracts";
import { buildCatalogue, createCatalogueSearch } from "@mcp-optimizer/core";
import type { BenchServer, LiveMcpBench } from "./live-mcp-bench.ts";

/**
 * Times of a catalogue with at least 10,000 tools, in milliseconds: the median of all runs. CPU times are those of the main thread: for how
 * long it was busy, where the others count what else the machine did, too.
 */
export interface SearchSpeed {
  readonly tools: number;
  readonly servers: number;
  readonly queries: number;
  readonly buildMs: number;
  /** Indexing in the background, from start to end. */
  readonly indexMs: number;
  /** The longest time for which indexing held the event loop. */
  readonly longestBlockMs: number;
  readonly longestBlockCpuMs: number;
  /** Of a search with its signatures. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p50CpuMs: number;
  readonly p95CpuMs: number;
  /** Per run. */
  readonly p95Runs: readonly number[];
  readonly p95CpuRuns: readonly number[];
}

type RunTimes = Omit<SearchSpeed, "queries" | "p95Runs" | "p95CpuRuns">;

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
    longestBlockCpuMs: middle("longestBlockCpuMs"),
    p50Ms: middle("p50Ms"),
    p95Ms: middle("p95Ms"),
    p50CpuMs: middle("p50CpuMs"),
    p95CpuMs: middle("p95CpuMs"),
    p95Runs: times.map((time) => time.p95Ms),
    p95CpuRuns: times.map((time) => time.p95CpuMs),
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
  const times = queries.map((query) => time(() => search({ query })));
  const walls = times.map(({ wall }) => wall).sort((a, b) => a - b);
  const cpus = times.map(({ cpu }) => cpu).sort((a, b) => a - b);
  return {
    tools: catalogue.tools.length,
    servers: servers.length,
    buildMs,
    ...indexing,
    p50Ms: round(quantile(walls, 0.5)),
    p95Ms: round(quantile(walls, 0.95)),
    p50CpuMs: round(quantile(cpus, 0.5)),
    p95CpuMs: round(quantile(cpus, 0.95)),
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
): Promise<Pick<SearchSpeed, "indexMs" | "longestBlockMs" | "longestBlockCpuMs">> {
  const started = now();
  let last = started;
  const longest = { wall: 0, cpu: 0 };
  const measure = (): void => {
    const { wall, cpu } = now();
    longest.wall = Math.max(longest.wall, wall - last.wall);
    longest.cpu = Math.max(longest.cpu, cpu - last.cpu);
    last = { wall, cpu };
  };
  let done = false;
  const tick = (): void => {
    measure();
    if (!done) setImmediate(tick);
  };
  setImmediate(tick);
  await prepare();
  done = true;
  measure();
  return {
    indexMs: round(last.wall - started.wall),
    longestBlockMs: round(longest.wall),
    longestBlockCpuMs: round(longest.cpu),
  };
}

/** Milliseconds of the clock, and of CPU that this thread took. */
interface Moment {
  readonly wall: number;
  readonly cpu: number;
}

function now(): Moment {
  const { user, system } = process.threadCpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}

function time(work: () => void): Moment {
  const started = now();
  work();
  const ended = now();
  return { wall: ended.wall - started.wall, cpu: ended.cpu - started.cpu };
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
