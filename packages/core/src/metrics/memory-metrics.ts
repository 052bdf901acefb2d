import type { Metrics } from "@mcp-optimizer/contracts";

/** Counters in memory. */
export interface MemoryMetrics extends Metrics {
  /** What a name with exactly these labels has been counted to; 0 when never. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
  /** Every counter. */
  readonly counters: readonly Counter[];
}

/** One name with one set of labels. */
export interface Counter {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Counts in memory: for tests, and for who looks at the figures within the process. */
export function createMemoryMetrics(): MemoryMetrics {
  const counters = new Map<string, Counter>();
  const keyOf = (name: string, labels: Readonly<Record<string, string>>): string =>
    JSON.stringify([name, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  return {
    count(name, labels = {}, by = 1) {
      const key = keyOf(name, labels);
      counters.set(key, { name, labels, value: (counters.get(key)?.value ?? 0) + by });
    },
    value: (name, labels = {}) => counters.get(keyOf(name, labels))?.value ?? 0,
    get counters() {
      return [...counters.values()];
    },
  };
}
