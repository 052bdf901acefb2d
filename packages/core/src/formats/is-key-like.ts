import { partsOf } from "./format-words.ts";

const SHAPE = /^[\p{L}_$][\p{L}\p{M}\p{N} _$./#()%-]*$/u;
const LONGEST = 28;

/**
 * Whether a key or the head of a column reads like a name that a programmer gave, and not like data:
 * short, of few words, with at most two digits, each word one that can be spoken.
 */
export function isKeyLike(key: string): boolean {
  if (key.length > LONGEST || !SHAPE.test(key)) return false;
  if ((key.match(/\p{N}/gu)?.length ?? 0) > 2) return false;
  const parts = partsOf(key).filter((part) => !/^\p{N}+$/u.test(part));
  return parts.length > 0 && parts.length <= 4 && parts.every(canBeSpoken);
}

/** Random letters have long runs of consonants, or none of the vowels. */
function canBeSpoken(word: string): boolean {
  if (word.length > 16) return false;
  if (word.length < 4 || !/^[a-z]+$/u.test(word)) return word.length <= 12;
  return /[aeiouy]/u.test(word) && !/[^aeiouy]{5}/u.test(word);
}
