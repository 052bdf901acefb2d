import { median, quantile, rounded } from "./quantile.ts";
import type { StateContestantEntry } from "./state-contestant.ts";

/** Figures of a contestant: medians of the repeats. */
export interface StateFigures {
  readonly name: string;
  readonly note: string;
  /** Operations in a second, with several in flight. */
  readonly opsPerSecond: number;
  /** Of one operation at a time, in milliseconds. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Lowest and highest of the repeats. */
  readonly spread: {
    readonly opsPerSecond: readonly [number, number];
    readonly p95Ms: readonly [number, number];
  };
}

/** Repeats of every measurement. */
export const REPEATS = 5;
/** Operations in flight for the throughput. */
export const LANES = 16;
const REPEAT_MS = 1_000;
const LATENCIES = 300;

/** Measures a contestant: how long one operation takes, and how many are done with several in flight. */
export async function measureState(
  { name, note, open }: StateContestantEntry,
  signal: AbortSignal,
): Promise<StateFigures> {
  await using contestant = await open();
  const lanes = await Promise.all(Array.from({ length: LANES }, (_, number) => contestant.lane(number)));
  const rates: number[] = [];
  const latencies: number[][] = [];
  // The first is a rehearsal.
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    signal.throwIfAborted();
    const times = await timeOne(lanes[0]!);
    const rate = await rateOf(lanes);
    if (repeat === 0) continue;
    latencies.push(times.sort((one, other) => one - other));
    rates.push(Math.round(rate));
  }
  const p95s = latencies.map((times) => quantile(times, 0.95));
  return {
    name,
    note,
    opsPerSecond: median(rates),
    p50Ms: rounded(median(latencies.map((times) => quantile(times, 0.5)))),
    p95Ms: rounded(median(p95s)),
    spread: {
      opsPerSecond: [Math.min(...rates), Math.max(...rates)],
      p95Ms: [rounded(Math.min(...p95s)), rounded(Math.max(...p95s))],
    },
  };
}

async function timeOne(operation: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < LATENCIES; count++) {
    const from = performance.now();
    await operation();
    times.push(performance.now() - from);
  }
  return times;
}

async function rateOf(lanes: readonly (() => Promise<unknown>)[]): Promise<number> {
  const from = performance.now();
  let done = 0;
  await Promise.all(
    lanes.map(async (operation) => {
      while (performance.now() - from < REPEAT_MS) {
        await operation();
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - from);
}
