import type { WordVectors } from "@mcp-optimizer/contracts";
import { readExampleWordVectors } from "./example-word-vectors.ts";

/** The package that ships a table. */
export const SHIPPED = "@mcp-optimizer/word-vectors";

/** A table of word vectors, and what it took to load it. */
export interface BenchTable {
  readonly vectors: WordVectors;
  readonly source: string;
  /** Until a first word was looked up and another glossed, in milliseconds. */
  readonly loadMs: number;
  /** The CPU time of it, of all threads. */
  readonly loadCpuMs: number;
}

/** The shipped table, else, in a working copy without its data, the example beside the benchmark's folder, else none. */
export async function loadBenchTable(benchmark: string): Promise<BenchTable | undefined> {
  return (
    timed(SHIPPED, await shippedLoader()) ??
    timed("the example, which has no glosses", () => readExampleWordVectors(benchmark))
  );
}

function timed(source: string, load: () => WordVectors | undefined): BenchTable | undefined {
  const started = performance.now();
  const before = process.cpuUsage();
  const vectors = load();
  vectors?.find("search");
  vectors?.gloss("搜索");
  const loadMs = Math.round(performance.now() - started);
  const { user, system } = process.cpuUsage(before);
  return vectors && { vectors, source, loadMs, loadCpuMs: Math.round((user + system) / 1000) };
}

async function shippedLoader(): Promise<() => WordVectors | undefined> {
  const { loadWordVectors } = await import("@mcp-optimizer/word-vectors");
  return () => {
    try {
      return loadWordVectors();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  };
}
