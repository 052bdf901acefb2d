import { isKnownWord, isUnit, type FormatVocabulary } from "./format-words.ts";

const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}";
const CLOCK = String.raw`\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?`;
const ZONE = String.raw`(?: ?(?:GMT|UTC|Z)?(?:[+-]\d\d:?\d\d)?)(?: \([A-Za-z ]{1,50}\))?`;

/** What a text is made of, the more special first. Every part has a bounded length, so matching is linear. */
const TOKENS: RegExp = new RegExp(
  [
    String.raw`(?<url>\b[A-Za-z][A-Za-z\d+.-]{1,15}:\/\/[^\s<>"'\x60\])]+)`,
    String.raw`(?<email>[^\s@<>()",;:[\]=]{1,64}@[^\s@<>()"',;:[\]=]{1,255})`,
    String.raw`(?<uuid>\b[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}\b)`,
    String.raw`(?<date>\b(?:\d{4}-\d\d-\d\d(?:[T ]${CLOCK}${ZONE})?(?!\w)|${DAY},? (?:${MONTH} \d{1,2}|\d{1,2} ${MONTH}),?(?: ${CLOCK})?(?: \d{4})?(?: ${CLOCK})?${ZONE}` +
      String.raw`|${MONTH} \d{1,2}(?:, \d{4})?\b|\d{1,2} ${MONTH} \d{4}\b|\d{1,4}[./]\d{1,2}[./]\d{2,4}\b))`,
    String.raw`(?<time>\b${CLOCK}(?: ?[AP]M)?\b)`,
    String.raw`(?<quoted>"[^"]*"|(?<!\x60)\x60[^\x60]+\x60(?!\x60)|(?<!\p{L})'[^']*'(?!\p{L}))`,
    String.raw`(?<path>(?<![\p{L}\p{N}<])(?:[A-Za-z]:\\|~?\.{0,2}\/|\\\\)[^\s"'\x60<>|:,;]+|\b[\w.@+-]+(?:[\\/][\w.@+-]+)+\/?|~?\.{0,2}\/(?!\S))`,
    String.raw`(?<file>(?<![\p{L}\p{N}])[\p{L}\p{N}_@+-][\p{L}\p{N}_.@+-]*\.[A-Za-z][A-Za-z\d]{0,5}(?![\p{L}\p{N}_]))`,
    String.raw`(?<size>(?<![\p{L}\p{N}_])\d[\d,.]{0,20} ?(?:(?:[kKMGTP]i?)?B|bytes)(?![\p{L}\p{N}_]))`,
    String.raw`(?<number>(?<![\p{L}\p{N}_])[-+]?\d[\d,._]*(?<=\d)(?<unit>%|(?:[kKMGTP]i?)?B|ms|s|h|px)?(?![\p{L}\p{N}_]))`,
    String.raw`(?<hash>\b(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,128}\b)`,
    String.raw`(?<word>[\p{L}\p{M}\p{N}_](?:[\p{L}\p{M}\p{N}_]|['’-](?=\p{L}))*)`,
    String.raw`(?<space>\s+)`,
    String.raw`(?<rest>[^])`,
  ].join("|"),
  "gu",
);

/** Punctuation that may stand in a sample; everything else is dropped. */
const PUNCTUATION = /^[.,:;!?()[\]{}|/\\=+*#&%'"`~@$^_-]$/u;

/**
 * A text with every value replaced by a placeholder: numbers, dates, times, mail addresses, paths, hashes, quoted parts, names and words.
 * Words stay that are function words, words of reports, or in the vocabulary; without a vocabulary, no word stays.
 */
export function maskText(text: string, vocabulary: FormatVocabulary | undefined): string {
  let masked = "";
  for (const { groups = {}, 0: token } of text.matchAll(TOKENS))
    masked += maskToken(groups, token, vocabulary);
  return tidy(masked);
}

function maskToken(
  groups: Readonly<Record<string, string | undefined>>,
  token: string,
  vocabulary: FormatVocabulary | undefined,
): string {
  if (groups["space"] !== undefined) return token.length > 1 ? "  " : " ";
  if (groups["rest"] !== undefined) return PUNCTUATION.test(token) ? token : "";
  if (groups["word"] !== undefined) return maskWord(token, vocabulary);
  if (groups["number"] !== undefined) return `<number>${groups["unit"] ?? ""}`;
  for (const name of ["url", "email", "uuid", "date", "time", "quoted", "path", "file", "size", "hash"]) {
    if (groups[name] !== undefined) return `<${name}>`;
  }
  return "<text>";
}

function maskWord(word: string, vocabulary: FormatVocabulary | undefined): string {
  if (isUnit(word)) return word;
  if (/\p{N}/u.test(word)) return "<id>";
  return vocabulary && word.length <= 24 && isKnownWord(word, vocabulary) ? word : "<word>";
}

/** Several words, even with a known one between, are a text; the same mark many times is the same mark three times. */
function tidy(masked: string): string {
  return masked
    .replace(/\S*<\w+>\S*/gu, maskGlued)
    .replace(/<(?:word|text|id)>(?:[ ](?:[a-z']{1,12}[ ])?<(?:word|text|id)>)+/gu, "<text>")
    .replace(/([^\w\s<>])\1{3,}/gu, "$1$1$1")
    .replace(/(<\w+>)(?:\1){1,}/gu, "$1")
    .trim();
}

/** A known word without a space to a value may be a part of it, as `he` in `he.x@example.org`. */
function maskGlued(chunk: string): string {
  return chunk.replace(
    /(<\w+>(?:%|ms|s|h|px)?(?!\p{L}))|\p{L}{2,}/gu,
    (_word, kept?: string) => kept ?? "<word>",
  );
}

/** A single value, as of a key or a cell, as one placeholder or a few. No word of it stays. */
export function maskValue(value: string): string {
  const trimmed = value.trim();
  if (/^(?:true|false|yes|no)$/iu.test(trimmed)) return "<boolean>";
  if (/^(?:~?\.{0,2}\/|[A-Za-z]:\\|\\\\)[^:|<>"]+$/u.test(trimmed)) return "<path>";
  const masked = maskText(trimmed, undefined);
  const placeholders = masked.match(/<\w+>/gu)?.length ?? 0;
  return placeholders > 2 || masked.length > 40 || (placeholders === 0 && masked !== "") ? "<text>" : masked;
}
