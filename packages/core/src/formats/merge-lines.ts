const TOKENS = /<\w+>|[\p{L}\p{M}\p{N}_]+|\s+|[^]/gu;

/** Two masked lines as one: what they begin and end with alike, and `<text>` for what differs between. */
export function mergeLines(a: string, b: string): string {
  if (a === b) return a;
  const left = a.match(TOKENS) ?? [];
  const right = b.match(TOKENS) ?? [];
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const between = [left, right].map((tokens) => tokens.slice(start, tokens.length - end).join(""));
  return [...left.slice(0, start), placeholderOf(between), ...left.slice(left.length - end)]
    .join("")
    .replace(/(?:<\w+>)*<text>(?:<\w+>)*/gu, "<text>")
    .replace(/<text>(?:[ ]?<(?:text|word|id)>)+|(?:<(?:text|word|id)>[ ]?)+<text>/gu, "<text>");
}

/** Merges lines, the first with each that follows. */
export function mergeAll(lines: readonly string[]): string {
  return lines.reduce((merged, line) => mergeLines(merged, line));
}

/** One kind of number or date stays what it is where one side has nothing. */
function placeholderOf(between: readonly string[]): string {
  return between.every((part) => part.trim() === "") ? (between[0] ?? "") : "<text>";
}

/** Two masked values as one. An empty value fits any other. */
export function mergeValues(a: string, b: string): string {
  if (a === b || b === "") return a;
  if (a === "") return b;
  return mergeLines(a, b);
}
