/** Where a JSON object or list stands in a text. */
export interface JsonPlace {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}

/** Places at which JSON may begin that are tried. */
const TRIES = 8;

/**
 * The first JSON object or list in a text: at its start, at the start of a line, after `: ` or in a fence, and up to the end of its line.
 * Undefined where there is none among the first few places that look like one.
 */
export function findJson(text: string, from: number = 0): JsonPlace | undefined {
  let tries = 0;
  let at = from;
  for (const start of beginnings(text, from)) {
    if (start < at) continue;
    if ((tries += 1) > TRIES) return undefined;
    const end = endOfValue(text, start);
    // Not the whole of it: what is inside it would be taken for the whole.
    if (end === undefined) return undefined;
    at = end;
    if (!/^[ \t]*[.;]?[ \t]*(?:\r?\n|$)/u.test(text.slice(end, end + 40))) continue;
    try {
      return { start, end, value: JSON.parse(text.slice(start, end)) };
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Where an opening bracket stands at the start of a line or after a colon. */
function* beginnings(text: string, from: number): Generator<number> {
  const opening = /(?<=^\s{0,8}|\n[ \t]{0,8}|: )[[{]/gu;
  opening.lastIndex = from;
  for (let found = opening.exec(text); found; found = opening.exec(text)) yield found.index;
}

/** The end of a value by its brackets; undefined where they do not match. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0;
  const marks = /["[\]{}]/gu;
  marks.lastIndex = start;
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    if (found[0] === '"') {
      const end = endOfString(text, found.index);
      if (end === undefined) return undefined;
      marks.lastIndex = end;
    } else if (found[0] === "[" || found[0] === "{") depth += 1;
    else if ((depth -= 1) === 0) return found.index + 1;
  }
  return undefined;
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return undefined;
}
