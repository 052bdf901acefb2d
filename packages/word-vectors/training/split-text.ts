import { stem } from "porter2";

/** Words that say nothing of a text's matter: English function words and the words of polite requests. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    "a about above after again all also am an and any are as at be because been before being below between both but by " +
    "can could did do does doing down during each few for from further had has have having he her here hers him his how " +
    "i if in into is it its just let like may me might more most must my need no nor not now of off on once only or other our " +
    "out over own please same she should so some such than that the their them then there these they this those through to too " +
    "under until up upon very want was we were what when where which while who whom why will with within would you your"
  ).split(" "),
);
const PARTS = /[A-Z]{2,}s$|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;
/** Longer words are identifiers whose parts count alone. */
const LONGEST = 16;

/** The words of an English text or identifier, in lower case: split at case changes, digits and punctuation; a mixed-case word whole too. */
export function splitText(text: string): string[] {
  const words: string[] = [];
  for (const run of text.match(/[A-Za-z0-9]+/g) ?? []) {
    const parts = run.match(PARTS) ?? [];
    words.push(...parts);
    if (parts.length > 1) words.push(run);
  }
  return words.map((word) => word.toLowerCase());
}

/** A word's Porter2 stem; undefined for one that the table leaves out: function words, single letters, long numbers, very long words. */
export function stemOf(word: string): string | undefined {
  if (FUNCTION_WORDS.has(word) || /^[a-z]$|\d{3}/.test(word) || word.length > LONGEST) return undefined;
  return stem(word);
}
