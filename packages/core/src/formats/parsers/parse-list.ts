import type { JsonValue } from "@mcp-optimizer/contracts";
import { listEntry, type ListEntry } from "../list-entry.ts";

/** `name   1.14 KB` at the end of a tagged line. */
const SIZE = /(?<!\s)\s+(\d[\d.,]* ?(?:[kKMGTP]i?)?B|\d+ bytes)$/u;

/**
 * The items of a list. Marked lines (`- item`, `1. item`) give texts. Tagged ones (`[FILE] name`) give `{ type, name }`, with `size` where
 * every line of that tag ends in one; a line without a tag among them gives `{ text }`. Blank lines are left out.
 */
export function parseList(text: string): JsonValue {
  const lines = textLines(text);
  const entries = lines.map(listEntry);
  if (!entries.some((entry) => entry && "tag" in entry)) {
    return entries.map((entry, at) => entry?.text ?? lines[at]!);
  }
  const sized = tagsWithSizes(entries);
  return entries.map((entry, at) => {
    if (!entry || !("tag" in entry)) return { text: entry?.text ?? lines[at]! };
    const size = sized.has(entry.tag) ? SIZE.exec(entry.text) : null;
    if (!size) return { type: entry.tag, name: entry.text };
    return { type: entry.tag, name: entry.text.slice(0, size.index), size: size[1]! };
  });
}

/** The lines of a text that are not blank, without spaces at their ends. */
export function parseLines(text: string): JsonValue {
  return textLines(text);
}

function textLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/u, "")
    .split(/\r\n|[\n\r]/u)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

/** One file may have a name that ends like a size; a column of sizes is on every line. */
function tagsWithSizes(entries: readonly (ListEntry | undefined)[]): ReadonlySet<string> {
  const sized = new Map<string, boolean>();
  for (const entry of entries) {
    if (!entry || !("tag" in entry)) continue;
    sized.set(entry.tag, sized.get(entry.tag) !== false && SIZE.test(entry.text));
  }
  return new Set([...sized].flatMap(([tag, all]) => (all ? [tag] : [])));
}
