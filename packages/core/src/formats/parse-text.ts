import type { JsonValue } from "@mcp-optimizer/contracts";
import { formatError } from "./format-error.ts";
import { parseCsv, type CsvOptions } from "./parsers/parse-csv.ts";
import { parseJsonLines, parseJsonText } from "./parsers/parse-json-text.ts";
import { parseKeyValue } from "./parsers/parse-key-value.ts";
import { parseLines, parseList } from "./parsers/parse-list.ts";
import { parseMarkdownTable } from "./parsers/parse-markdown-table.ts";
import { parseYaml } from "./parsers/parse-yaml.ts";
import type { ParsedKind } from "./text-format.ts";

/** How a text is to be read. */
export type ParseOptions = CsvOptions;

/** Characters that are parsed at once. */
export const LONGEST_PARSED: number = 8 * 1024 * 1024;

const PARSERS: Readonly<Record<ParsedKind, (text: string, options: ParseOptions) => JsonValue>> = {
  json: parseJsonText,
  jsonl: parseJsonLines,
  csv: parseCsv,
  keyValue: parseKeyValue,
  markdownTable: parseMarkdownTable,
  yaml: parseYaml,
  list: parseList,
  lines: parseLines,
};

/**
 * A text of a known kind as a value: `json` (also between prose or in a fence), `jsonl` to a list, `csv` and `markdownTable` to a list of
 * objects, `keyValue` to an object or a list of them, `yaml`, `list` to texts or `{ type, name }`, `lines` to texts. Numbers and booleans stay
 * text wherever they could mean something else. Throws `invalid_params`, with the line, for a text that is not of that kind, and for
 * one of over 8,388,608 characters (YAML: 262,144).
 */
export function parseText(kind: ParsedKind, text: string, options: ParseOptions = {}): JsonValue {
  if (text.length > LONGEST_PARSED) {
    throw formatError(
      kind,
      `${text.length} characters are more than ${LONGEST_PARSED}; parse slices, each of whole lines`,
    );
  }
  return PARSERS[kind](text, options);
}
