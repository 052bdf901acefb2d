import type { Pattern } from "./compile-pattern.ts";
import { excerpt, type GrepMatch } from "./grep-match.ts";

/** Characters that are looked at between two pauses. */
const PAUSE = 16_384;
/** What parts of a line have in common that is longer than is searched at once; a longer match across two of them may be missed. */
const OVERLAP = 4_096;
/** What a line costs beside its characters. */
const LINE = 32;

/** Yields to pause, and gives matching lines to `found` until that says no. */
export function* grepText(
  text: string,
  pattern: Pattern,
  context: number,
  found: (match: GrepMatch) => boolean,
): Generator<void, void, void> {
  const recent: string[] = [];
  let line = 0;
  let looked = 0;
  for (let at = 0; at < text.length;) {
    const feed = text.indexOf("\n", at);
    const end = feed < 0 ? text.length : feed;
    const next = feed < 0 ? text.length : feed + 1;
    line += 1;
    const place = yield* placeIn(text, at, end, pattern);
    const shown = place === undefined && context === 0 ? "" : lineAt(text, at, end, place);
    if (place !== undefined) {
      const around = context === 0 ? {} : { before: [...recent], after: linesFrom(text, next, context) };
      if (!found({ line, text: shown, ...around })) return;
    }
    if (context > 0) {
      recent.push(shown);
      if (recent.length > context) recent.shift();
    }
    looked += LINE + end - at;
    at = next;
    if (looked > PAUSE) {
      looked = 0;
      yield;
    }
  }
}

/** Where in a line the pattern matches first. */
function* placeIn(
  text: string,
  from: number,
  end: number,
  pattern: Pattern,
): Generator<void, number | undefined, void> {
  const stop = text.charCodeAt(end - 1) === 0x0d ? end - 1 : end;
  const { atOnce } = pattern;
  if (stop - from <= atOnce) {
    const whole = text.slice(from, stop);
    return pattern.test(whole) ? (pattern.find(whole, true, true) ?? 0) : undefined;
  }
  for (let at = from; at < stop; at += atOnce - OVERLAP) {
    const part = text.slice(at, Math.min(at + atOnce, stop));
    const place = pattern.test(part) ? pattern.find(part, at === from, at + atOnce >= stop) : undefined;
    if (place !== undefined) return at - from + place;
    yield;
  }
  return undefined;
}

function lineAt(text: string, from: number, end: number, around = 0): string {
  const stop = text.charCodeAt(end - 1) === 0x0d ? end - 1 : end;
  // Of a line of megabytes only what can be shown is taken.
  const begin = Math.max(from, from + around - 1_000);
  return excerpt(text.slice(begin, Math.min(stop, from + around + 1_000)), around - (begin - from));
}

function linesFrom(text: string, from: number, count: number): string[] {
  const lines: string[] = [];
  for (let at = from; at < text.length && lines.length < count;) {
    const feed = text.indexOf("\n", at);
    const end = feed < 0 ? text.length : feed;
    lines.push(lineAt(text, at, end));
    at = end + 1;
  }
  return lines;
}
