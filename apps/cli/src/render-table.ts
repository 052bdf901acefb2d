import { stripVTControlCharacters, styleText } from "node:util";

/** A column: its heading, and whether its cells are numbers, which stand to the right. */
export interface Column {
  readonly heading: string;
  readonly numeric?: boolean;
}

/** Rows under headings: aligned and with a bold head on a terminal, separated by tabs and without a head elsewhere. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  terminal: boolean,
): string {
  const clean = rows.map((row) => row.map((cell) => stripVTControlCharacters(cell).replaceAll(/\s+/g, " ")));
  if (!terminal) return clean.map((row) => `${row.join("\t")}\n`).join("");
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...clean.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        columns[index]?.numeric ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!),
      )
      .join("  ")
      .trimEnd();
  const head = styleText("bold", line(columns.map(({ heading }) => heading)));
  return [head, ...clean.map(line), ""].join("\n");
}
