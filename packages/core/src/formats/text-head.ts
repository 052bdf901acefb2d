/** Characters of a text that are looked at. */
const HEAD = 16_384;
const MOST_LINES = 200;
const LINE = 300;

/** The beginning of a text: what its format is told from. */
export interface TextHead {
  /** Its characters, up to the end of a line where it has several. */
  readonly text: string;
  /** Its first lines that are not blank, without spaces at their ends, each shortened. */
  readonly lines: readonly string[];
  /** Whether the text ends here. */
  readonly whole: boolean;
  /** Whether it is no text at all. */
  readonly binary: boolean;
}

/** The beginning of a text. Costs the same for a text of any size. */
export function textHead(text: string): TextHead {
  const whole = text.length <= HEAD;
  let head = whole ? text : text.slice(0, HEAD);
  if (!whole) {
    const end = head.lastIndexOf("\n");
    if (end > 0) head = head.slice(0, end);
  }
  const lines = head
    .replace(/^\uFEFF/u, "")
    .split(/\r\n|[\n\r]/u)
    .slice(0, MOST_LINES)
    .map((line) => line.slice(0, LINE).replace(/ +$/u, ""))
    .filter((line) => line.trim() !== "");
  return { text: head, lines, whole, binary: isBinary(head) };
}

/** Control characters and replaced bytes are rare in text. */
function isBinary(text: string): boolean {
  const sample = text.slice(0, 2_048);
  // eslint-disable-next-line no-control-regex -- these are what tells
  const strange = sample.match(/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f\uFFFD]/gu)?.length ?? 0;
  return strange * 20 > sample.length;
}
