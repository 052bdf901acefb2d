import type { InstanceFigures } from "./measure-instances.ts";
import type { StateReport } from "./state-report.ts";

/** The report as tables. */
export function printReport(report: StateReport): string {
  const { machine, versions, repeats, inFlight, backends, clients, instances, waiting } = report;
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const head = ["", "ops/s [spread]", "p50 ms", "p95 ms [spread]", ""];
  const rows = backends.map(({ name, note, opsPerSecond, p50Ms, p95Ms, spread }) => [
    name,
    `${opsPerSecond} [${spread.opsPerSecond.join("-")}]`,
    p50Ms.toFixed(2),
    `${p95Ms.toFixed(2)} [${spread.p95Ms.map((ms) => ms.toFixed(2)).join("-")}]`,
    note,
  ]);
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}; ${used.join(", ")}`,
    `Median of ${repeats} repeats; ops/s with ${inFlight} operations in flight, p50 and p95 with one.`,
    "An operation is, by turns: get a session, change it (compare-and-set), set a context value of 1 KiB, get it, log a call, log its outcome.",
    "",
    ...aligned([head, ...rows]),
    "",
    `Processes of serve --http on one Redis, all on this machine with the ${clients} clients, each of which counts in its session by a program, at all of them in turn:`,
    "",
    ...instanceRows(instances),
    "",
    `The same with ${waiting.clients} clients, whose programs call a tool first that answers after ${waiting.upstreamMs} ms:`,
    "",
    ...instanceRows(waiting.instances),
  ].join("\n");
}

const instanceRows = (figures: readonly InstanceFigures[]): string[] =>
  aligned([
    ["processes", "runs/s [spread]", "p95 ms [spread]", ""],
    ...figures.map(({ instances, runsPerSecond, p95Ms, spread }) => [
      String(instances),
      `${runsPerSecond.toFixed(0)} [${spread.runsPerSecond.map((rate) => rate.toFixed(0)).join("-")}]`,
      `${p95Ms.toFixed(0)} [${spread.p95Ms.map((ms) => ms.toFixed(0)).join("-")}]`,
      "",
    ]),
  ]);

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const cell = (text: string, column: number): string =>
    column === 0 || column === widths.length - 1
      ? text.padEnd(widths[column]!)
      : text.padStart(widths[column]!);
  return rows.map((row) => row.map(cell).join("  ").trimEnd());
}
