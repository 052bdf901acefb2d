import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import { formatError } from "../format-error.ts";
import type { ParsedKind } from "../text-format.ts";
import { jsonObject } from "./json-object.ts";
import { columnReader } from "./scalar.ts";

const MOST_COLUMNS = 2_000;
/** Characters of keys that objects may repeat: a long head and many short rows would grow without bound. */
const MOST_KEYS = 64 * 1024 * 1024;

/** Rows as objects under the names of their columns, or as lists where there is no head. Columns of numbers or booleans are read as such. */
export function tableObjects(
  kind: ParsedKind,
  rows: readonly (readonly string[])[],
  head?: readonly string[],
): JsonValue[] {
  const width = (head ?? rows[0] ?? []).length;
  if (width > MOST_COLUMNS) throw formatError(kind, `${width} columns are more than ${MOST_COLUMNS}`);
  const keys = head && distinctKeys(head);
  const size = (keys?.reduce((sum, key) => sum + key.length + 4, 0) ?? 0) * rows.length;
  if (size > MOST_KEYS) {
    throw new OptimizerError("output_limit", {
      detail: `${rows.length} objects with these ${width} keys would be too large; parse a slice of the text`,
    });
  }
  const readers = Array.from({ length: width }, (_, at) => columnReader(column(rows, at)));
  return rows.map((row) => {
    const values = readers.map((read, at) => read(row[at] ?? ""));
    return keys ? jsonObject(keys, values) : values;
  });
}

function* column(rows: readonly (readonly string[])[], at: number): Generator<string> {
  for (const row of rows) yield row[at] ?? "";
}

/** An empty name becomes `column_3`, a second `name` becomes `name_2`. */
function distinctKeys(head: readonly string[]): string[] {
  const taken = new Set<string>();
  return head.map((name, at) => {
    const base = name.trim() || `column_${at + 1}`;
    let key = base;
    for (let number = 2; taken.has(key); number += 1) key = `${base}_${number}`;
    taken.add(key);
    return key;
  });
}
