import type { SandboxReport } from "./sandbox-report.ts";

/** The report as a table. */
export function printReport({ machine, versions, runs, backends }: SandboxReport): string {
  const head = ["", "cold ms", "p50 ms [spread]", "p95 ms", "runs/s [spread]", "MiB", ""];
  const rows = backends.map((row) => [
    row.name,
    row.coldMs.toFixed(0),
    `${row.warmP50Ms.toFixed(2)} [${row.spread.warmP50Ms.map((ms) => ms.toFixed(2)).join("-")}]`,
    row.warmP95Ms.toFixed(2),
    `${row.runsPerSecond} [${row.spread.runsPerSecond.join("-")}]`,
    String(row.memoryMb),
    row.note,
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 || column === 6 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join("  ")
      .trimEnd();
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    "A script with three parallel host calls, 200 rows built and sorted, JSON out.",
    `Median of ${runs} repeats; p50 and p95 with one run in flight, runs/s with several.`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}; ${used.join(", ")}`,
    "",
    line(head),
    ...rows.map(line),
  ].join("\n");
}
