import type { BackendFigures, SandboxReport } from "./sandbox-report.ts";

/** The report as two tables. */
export function printReport({ machine, versions, runs, backends, missing, engine }: SandboxReport): string {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}; ${used.join(", ")}`,
    `Median of ${runs} repeats; p50 and p95 with one run in flight, runs/s with several.`,
    "",
    "A script with three parallel host calls, 200 rows built and sorted, JSON out:",
    ...table(backends),
    ...missing.map(({ name, reason }) => `${name}: not measured. ${reason}`),
    "",
    "A program with three calls to a real MCP server over stdio, through the whole product:",
    ...table(engine),
  ].join("\n");
}

function table(figures: readonly BackendFigures[]): string[] {
  const head = ["", "cold ms", "p50 ms [spread]", "p95 ms", "runs/s [spread]", "MiB", ""];
  const rows = figures.map((row) => [
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
  return [head, ...rows].map(line);
}
