const PLAIN = /^[@$_#-]{0,2}\p{L}[\p{L}\p{M}\p{N}_$-]*$/u;
/** `@odata.type`, `xml:lang`, and how databases head columns: `count(*)`, `max(price)`. */
const TECHNICAL =
  /^(?:@[a-z]{2,12}\.[a-z]{2,20}|[a-z]{2,12}:[a-z][a-z_]{1,20}|(?:count|sum|avg|min|max|total|round|coalesce)\((?:\*|[a-z][a-z_.]{0,30})\))$/iu;
const LONGEST = 40;
const LONGEST_WORD = 20;

/**
 * Whether a member's name looks like data rather than like a name that a programmer gave: ids, paths, mail addresses, dates, hosts, numbers,
 * titles, tokens. In doubt it does: the type is a little wider then, and nothing is kept.
 */
export function looksLikeData(name: string): boolean {
  if (TECHNICAL.test(name)) return false;
  if (name.length > LONGEST || !PLAIN.test(name)) return true;
  const digits = name.match(/\p{N}/gu)?.length ?? 0;
  // `sha256`, `address2` and `p95` are names; `a1b2` and `2024` are not.
  if (digits > 3 || (digits > 0 && !/^\P{N}+\p{N}+(?:[_-]?\P{N}*)?$/u.test(name))) return true;
  const words = name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+/gu) ?? [];
  return words.length > 7 || words.some((word) => !canBeSpoken(word)) || isMixed(name, words);
}

/** Random letters have long runs of consonants, or no vowel. */
function canBeSpoken(word: string): boolean {
  if (word.length > LONGEST_WORD) return false;
  if (word.length < 6 || !/^[a-z]+$/iu.test(word)) return true;
  return /[aeiouy]/iu.test(word) && !/[^aeiouy]{6}/iu.test(word);
}

/** Random letters change case all the time. */
const isMixed = (name: string, words: readonly string[]): boolean =>
  words.length >= 4 && !/[_-]/u.test(name) && words.join("").length / words.length < 2.5;
