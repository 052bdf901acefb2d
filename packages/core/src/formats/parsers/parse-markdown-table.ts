import type { JsonValue } from "@mcp-optimizer/contracts";
import { formatError } from "../format-error.ts";
import { tableLines } from "../table-lines.ts";
import { tableObjects } from "./table-objects.ts";

/** The one Markdown table in a text as a list of objects. Text around it is left out; a second table is an error, for slices to tell apart. */
export function parseMarkdownTable(text: string): JsonValue {
  const lines = text.split(/\r\n|[\n\r]/u);
  const table = tableLines(lines);
  if (!table)
    throw formatError("markdownTable", "there is no row of heads with a rule such as |---|---| below");
  const { start, head, rows, end } = table;
  const odd = rows.findIndex((row) => row.length > head.length);
  if (odd !== -1) {
    const message = `${rows[odd]!.length} cells under ${head.length} heads`;
    throw formatError("markdownTable", message, start + 3 + odd);
  }
  const next = tableLines(lines, end);
  if (next)
    throw formatError("markdownTable", "a second table begins; parse a slice with one", next.start + 1);
  return tableObjects("markdownTable", rows, head);
}
