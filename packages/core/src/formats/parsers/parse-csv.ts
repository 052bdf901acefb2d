import { createRequire } from "node:module";
import type { JsonValue } from "@mcp-optimizer/contracts";
import { guessDelimiter } from "../csv-shape.ts";
import { formatError, lineAt } from "../format-error.ts";
import { mayBeHead } from "../head-row.ts";
import { textHead } from "../text-head.ts";
import { tableObjects } from "./table-objects.ts";

/** How a delimited text is to be read. */
export interface CsvOptions {
  /** Whether the first row has the names of the columns. Default: as it looks. */
  readonly header?: boolean | undefined;
  /** One character. Default: the one of comma, semicolon, tab and bar that fits the first lines. */
  readonly delimiter?: string | undefined;
}

type CsvModule = typeof import("papaparse");
const require = createRequire(import.meta.url);
let csv: CsvModule | undefined;

/** Delimited text as a list of objects, or of lists where the first row is no head. Throws with the line of a row that does not fit. */
export function parseCsv(text: string, options: CsvOptions = {}): JsonValue {
  // Loaded when first used: most runs have no such text.
  csv ??= require("papaparse") as CsvModule;
  const plain = text.replace(/^\uFEFF/u, "").replace(/\r\n?/gu, "\n");
  const delimiter = options.delimiter ?? guessDelimiter(textHead(text).lines);
  const settings = { delimiter, newline: "\n", skipEmptyLines: true } as const;
  const { data, errors } = csv.parse<string[]>(plain, settings);
  const [error] = errors;
  if (error) {
    const line = error.index === undefined ? undefined : lineAt(plain, error.index);
    throw formatError("csv", error.message, line);
  }
  // Spaces within quotes belong to the value, and rows do not tell which cells had quotes.
  const asTheyAre = delimiter === "\t" || plain.includes('"');
  const rows = asTheyAre ? data : data.map((row) => row.map((cell) => cell.trim()));
  const width = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd !== -1) {
    const { meta } = csv.parse<string[]>(plain, { ...settings, preview: odd + 1 });
    throw formatError(
      "csv",
      `${rows[odd]!.length} cells instead of ${width}`,
      lineAt(plain, meta.cursor - 1),
    );
  }
  const [first = [], ...rest] = rows;
  return (options.header ?? mayBeHead(first)) ? tableObjects("csv", rest, first) : tableObjects("csv", rows);
}
