import type { BackendReport } from "./run-backend.ts";

/** The report as a table by group, with what did not hold below it. */
export function printReport(report: BackendReport): string {
  const groups = [...new Set(report.attacks.map(({ group }) => group))];
  const languages = [...new Set(report.attacks.map(({ language }) => language))];
  const rows = groups.map((group) => {
    const cells = languages.map((language) => {
      const own = report.attacks.filter((each) => each.group === group && each.language === language);
      return own.length === 0 ? "-" : `${own.filter(({ held }) => held).length} of ${own.length}`;
    });
    return [group, ...cells];
  });
  const head = ["held", ...languages];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const table = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
  const failed = report.attacks.filter(({ held }) => !held);
  const { lateMs, wholeMs } = report.loop;
  return [
    `${report.backend}${report.vmm === undefined ? "" : ` (${report.vmm})`}: ${report.attacks.length} attacks, ${report.escaped} escaped`,
    "",
    ...table,
    ...(failed.length === 0 ? [] : ["", "Did not hold:"]),
    ...failed.map(
      ({ id, language, escaped, note }) => `  ${id} (${language})${escaped ? " ESCAPED" : ""}: ${note}`,
    ),
    ...report.unattributed.map((what) => `  in no run that is known: ${what}`),
    "",
    `The event loop of the host was busy for ${lateMs.toFixed(0)} ms at most (${wholeMs.toFixed(0)} ms late with waiting for a processor).`,
  ].join("\n");
}
