/** A marked line of a list. */
export type ListEntry =
  /** `- item`, `* item`, `• item`, `1. item`, `2) item` */
  | { readonly mark: string; readonly text: string }
  /** `[FILE] name` */
  | { readonly tag: string; readonly text: string };

/** Reads a line as a marked item of a list; undefined for any other line. */
export function listEntry(line: string): ListEntry | undefined {
  const bare = line.trimStart();
  const tagged = /^\[([A-Z][A-Z_ -]{0,14})\]\s+(?=\S)/u.exec(bare);
  if (tagged) return { tag: tagged[1]!, text: bare.slice(tagged[0].length).trimEnd() };
  const marked = /^([-*•+]|\d{1,5}[.)])\s+(?=\S)/u.exec(bare);
  if (!marked) return undefined;
  return {
    mark: /^\d/u.test(marked[1]!) ? "1." : marked[1]!,
    text: bare.slice(marked[0].length).trimEnd(),
  };
}
