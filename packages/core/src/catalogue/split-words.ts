const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ーｰ]/u;
/** A run of CJK characters, or of other letters, marks and digits. */
const RUNS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ーｰ]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ーｰ])[\p{L}\p{M}\p{N}])+/gu;
/** In a run: an acronym with its plural, an acronym, a capitalised or lower-case word, or a number. */
const PARTS = /\p{Lu}{2,}s$|\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{N}+/gu;
/** The same two for ASCII, which is several times as fast. */
const ASCII = /^[\0-\x7f]*$/;
const ASCII_RUNS = /[A-Za-z0-9]+/g;
const ASCII_PARTS = /[A-Z]{2,}s$|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;
const ONE_WORD = /^(?:[A-Z]?[a-z]+|[0-9]+)$/;

/**
 * The words of a text or identifier: split at case changes, digits and punctuation, in lower case; CJK runs as bigrams.
 * A word written in mixed case is there whole too, so that `arXiv` and `arxiv` meet.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  const ascii = ASCII.test(text);
  for (const run of text.match(ascii ? ASCII_RUNS : RUNS) ?? []) {
    if (ONE_WORD.test(run)) words.push(run.toLowerCase());
    else if (!ascii && CJK.test(run)) bigrams(run, words);
    else parts(run, ascii ? ASCII_PARTS : PARTS, words);
  }
  return words;
}

/** Whether a word of {@link splitWords} is made of CJK characters. */
export function isCjk(word: string): boolean {
  return word.charCodeAt(0) >= 0x1100 && CJK.test(word);
}

function parts(run: string, pattern: RegExp, into: string[]): void {
  const found = run.match(pattern) ?? [];
  for (const part of found) into.push(part.toLowerCase());
  if (found.length > 1) into.push(run.toLowerCase());
}

function bigrams(run: string, into: string[]): void {
  const characters = Array.from(run);
  if (characters.length === 1) into.push(run);
  for (let index = 1; index < characters.length; index++) {
    into.push(characters[index - 1]! + characters[index]!);
  }
}
