/** Whether a text fits a pattern in which `*` stands for any text. Takes time in proportion to the text, whatever the pattern. */
export function fitsWildcard(text: string, pattern: string): boolean {
  const [head, ...rest] = pattern.split("*");
  if (rest.length === 0) return text === pattern;
  const tail = rest.pop()!;
  if (!text.startsWith(head!) || text.length < head!.length + tail.length || !text.endsWith(tail))
    return false;
  const end = text.length - tail.length;
  let at = head!.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether all that fits one pattern fits another. Says no where it cannot tell. */
export function coversWildcard(wide: string, narrow: string): boolean {
  if (wide === narrow || /^\*+$/.test(wide)) return true;
  // A star in the narrow pattern stands for texts that hold anything, so only one in the wide pattern covers it.
  return fitsWildcard(narrow, wide) && (!narrow.includes("*") || wide.split("*").length === 2);
}
