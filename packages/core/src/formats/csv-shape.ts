import { isSurelyHead } from "./head-row.ts";
import { splitRow } from "./split-row.ts";
import type { FormatVocabulary } from "./format-words.ts";

/** How a delimited text is delimited. */
export interface CsvShape {
  readonly delimiter: string;
  /** The rows of the head of the text. */
  readonly rows: readonly (readonly string[])[];
}

const DELIMITERS = ["\t", ";", "|", ","];
const NONE: FormatVocabulary = new Set();

/** Finds the delimiter that gives every line the same number of cells, where the cells look like cells and not like prose. */
export function csvShape(
  lines: readonly string[],
  vocabulary: FormatVocabulary = NONE,
): CsvShape | undefined {
  if (lines.length < 2) return undefined;
  let best: CsvShape | undefined;
  for (const delimiter of DELIMITERS) {
    const width = splitRow(lines[0]!, delimiter).length;
    if (width < 2 || (best && width <= best.rows[0]!.length)) continue;
    const spaced = delimiter === "," && lines.some((line) => /, /u.test(line));
    const rows = lines.map((line) => splitRow(line, delimiter));
    if (rows.every((row) => row.length === width) && areCells(rows, spaced, vocabulary)) {
      best = { delimiter, rows };
    }
  }
  return best;
}

/** Prose has commas too, with a space behind: without a sure head it then takes three rows of three short cells. */
function areCells(
  rows: readonly (readonly string[])[],
  spaced: boolean,
  vocabulary: FormatVocabulary,
): boolean {
  if (isSurelyHead(rows[0]!, vocabulary)) return true;
  const most = spaced ? 3 : 8;
  if (spaced && (rows.length < 3 || rows[0]!.length < 3)) return false;
  return rows.every((row) => row.every((cell) => cell.split(/\s+/u).length <= most));
}

/** The delimiter of a text that is known to be delimited: the one that gives the first lines the most cells, evenly. */
export function guessDelimiter(lines: readonly string[]): string {
  const shape = csvShape(lines);
  if (shape) return shape.delimiter;
  const first = lines[0] ?? "";
  const widths = DELIMITERS.map((delimiter) => splitRow(first, delimiter).length);
  return DELIMITERS[widths.indexOf(Math.max(...widths))]!;
}
