import { setTimeout } from "node:timers/promises";
import type { Contestant, ContestantEntry } from "./contestant.ts";

const COLD_RUNS = 7;
/** Repeats of every measurement; the table shows their median and spread. */
export const REPEATS = 3;

/** Figures of one contestant. Times in milliseconds; memory in MiB, 0 where it cannot be told. */
export interface Figures {
  readonly coldMs: number;
  readonly warmP50Ms: number;
  readonly warmP95Ms: number;
  readonly runsPerSecond: number;
  readonly memoryMb: number;
  /** Lowest and highest of the repeats. */
  readonly spread: {
    readonly warmP50Ms: readonly [number, number];
    readonly runsPerSecond: readonly [number, number];
  };
  readonly runs: number;
}

/** Measures a contestant: the first run, then latency with one run in flight, then throughput with several. */
export async function measure({ open, runs, check }: ContestantEntry): Promise<Figures> {
  const before = process.memoryUsage.rss();
  const startedAt = performance.now();
  const contestant = await open();
  check(await contestant.run());
  const firstMs = performance.now() - startedAt;
  const coldMs = contestant.runCold ? await cold(contestant.runCold, check) : firstMs;

  await repeat(contestant, runs, check);
  const latencies: number[][] = [];
  const rates: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    latencies.push(await latency(contestant, runs, check));
    const rateFrom = performance.now();
    await repeat(contestant, runs, check);
    rates.push((runs * 1_000) / (performance.now() - rateFrom));
  }
  const bytes = contestant.guestBytes ? contestant.guestBytes() : process.memoryUsage.rss() - before;
  const memoryMb = (bytes ?? 0) / 1_048_576;
  await contestant.close();

  const all = latencies.flat();
  const medians = latencies.map((repeat) => quantile(repeat, 0.5));
  return {
    coldMs: round(coldMs),
    warmP50Ms: round(quantile(all, 0.5)),
    warmP95Ms: round(quantile(all, 0.95)),
    runsPerSecond: Math.round(quantile(rates, 0.5)),
    memoryMb: Math.round(memoryMb),
    spread: {
      warmP50Ms: [round(Math.min(...medians)), round(Math.max(...medians))],
      runsPerSecond: [Math.round(Math.min(...rates)), Math.round(Math.max(...rates))],
    },
    runs: runs * REPEATS * 2,
  };
}

/** The median of a few runs, each in a guest of its own from its start on. */
async function cold(runCold: () => Promise<unknown>, check: ContestantEntry["check"]): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < COLD_RUNS; i++) {
    const from = performance.now();
    const value = await runCold();
    times.push(performance.now() - from);
    check(value);
  }
  return quantile(times, 0.5);
}

async function latency(
  contestant: Contestant,
  runs: number,
  check: ContestantEntry["check"],
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    if (contestant.pauseMs !== undefined) await setTimeout(contestant.pauseMs);
    const from = performance.now();
    const value = await contestant.run();
    times.push(performance.now() - from);
    check(value);
  }
  return times;
}

async function repeat(contestant: Contestant, runs: number, check: ContestantEntry["check"]): Promise<void> {
  let left = runs;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      check(await contestant.run());
    }
  };
  await Promise.all(Array.from({ length: contestant.inFlight }, lane));
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
