import { stem } from "porter2";
import { isCjk } from "../catalogue/split-words.ts";
import { STOP_WORDS } from "./stop-words.ts";

/** What a word is found under. */
export interface WordTerms {
  readonly stem: string;
  /** The word as it is, with `=` in front. */
  readonly exact: string;
  /** What the word adds to the length of a text: CJK bigrams overlap, and add nothing. */
  readonly length: 0 | 1;
}

const KEPT = 50_000;
const known = new Map<string, WordTerms | undefined>();

/** The terms of a word, or undefined for a word that is not looked at: a stop word or a single letter. */
export function wordTerms(word: string): WordTerms | undefined {
  let terms = known.get(word);
  if (terms === undefined && !known.has(word)) {
    terms = readTerms(word);
    if (known.size >= KEPT) known.clear();
    known.set(word, terms);
  }
  return terms;
}

function readTerms(word: string): WordTerms | undefined {
  if (isCjk(word)) return { stem: word, exact: `=${word}`, length: 0 };
  if (STOP_WORDS.has(word) || (word.length === 1 && !/\d/u.test(word))) return undefined;
  return { stem: stem(word), exact: `=${word}`, length: 1 };
}
