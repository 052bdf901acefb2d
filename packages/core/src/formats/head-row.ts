import { hasKeyWord, type FormatVocabulary } from "./format-words.ts";
import { isKeyLike } from "./is-key-like.ts";

/** Whether a first row may be taken for names of columns when the text is parsed: names that differ, and no value such as a number. */
export function mayBeHead(cells: readonly string[]): boolean {
  const names = cells.map((cell) => cell.trim());
  return (
    new Set(names).size === names.length &&
    names.every((name) => name !== "" && name.length <= 60 && /\p{L}/u.test(name) && !isValue(name))
  );
}

/** Whether a first row surely holds names of columns: each reads like a name, and more than half of them are words that such names are made of. */
export function isSurelyHead(cells: readonly string[], vocabulary: FormatVocabulary): boolean {
  return mayBeHead(cells) && cells.every(isKeyLike) && areKeys(cells, vocabulary);
}

/** Whether more than half of the keys have a word that keys are made of: the keys of a map, such as names of people, have not. */
export function areKeys(keys: readonly string[], vocabulary: FormatVocabulary): boolean {
  return keys.filter((key) => hasKeyWord(key, vocabulary)).length * 2 > keys.length;
}

/** Starts like a number, date, path or address. */
function isValue(cell: string): boolean {
  return /^[-+\d/~.]|[@\\]|:\/\//u.test(cell);
}
