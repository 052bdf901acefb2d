/** A line that matches. */
export interface GrepMatch {
  /** Where the text is in a JSON value; absent for a text. */
  readonly path?: string;
  /** The line in the text, from 1; absent for a value without line breaks. */
  readonly line?: number;
  /** The line; of a long one, the part around the match. */
  readonly text: string;
  /** Lines before it, where they were asked for. */
  readonly before?: readonly string[];
  /** Lines after it, where they were asked for. */
  readonly after?: readonly string[];
}

/** Characters of a line that are shown. */
const SHOWN = 300;

/** A line to show; of a long one the part around an index, never half of a pair. */
export function excerpt(line: string, around = 0): string {
  if (line.length <= SHOWN) return line;
  const from = around < SHOWN - 80 ? 0 : Math.min(around - 80, line.length - SHOWN);
  const part = line.slice(from, from + SHOWN).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, "");
  return `${from > 0 ? "…" : ""}${part}${from + SHOWN < line.length ? "…" : ""}`;
}
