/** Control characters, and invisible ones that change how the text around them is shown. */
const UNSAFE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Untrusted text on one line, without control and invisible characters, that cannot close a comment. */
export function safeText(text: string): string {
  return text
    .replace(UNSAFE, " ")
    .replace(/\s+/gu, " ")
    .replace(/\*(?=\/)/gu, "* ")
    .trim();
}

/** The lines of an untrusted text, each as {@link safeText}; blank lines at the ends are left out, several become one. */
export function safeLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r]/u).map(safeText);
  return lines
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .replace(/^\n+|\n+$/gu, "")
    .split("\n");
}

/** Text of at most `length` characters, cut after a word where that is near, with `…` in place of the rest. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/u, "");
  const word = cut.replace(/\s+\S*$/u, "");
  return `${word.length > length / 2 ? word : cut}…`;
}

/** The first sentence of a text, or all of it. */
export function firstSentence(text: string): string {
  for (const { index } of text.matchAll(/[.!?](?=\s+[^\s\p{Ll}]|\s*$)|[。！？]/gu)) {
    const sentence = text.slice(0, index + 1);
    if (!/(?:^|[\s(])(?:e\.g|i\.e|etc|vs|approx|no|max|min)\.$/iu.test(sentence)) return sentence;
  }
  return text;
}

/** JSON text of a value that is legal and plain to see in a TypeScript source. */
export function literalText(value: unknown): string {
  return (JSON.stringify(value) ?? "undefined").replace(UNSAFE, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
