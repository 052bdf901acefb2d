/** Characters of a part. Parts of a MiB were slower, and held others up for several times as long. */
const PART_LENGTH = 262_144;

/** A text in parts, none of which begins or ends within a character; of an empty text one that is empty. */
export function contentParts(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  do {
    let to = Math.min(from + PART_LENGTH, text.length);
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to -= 1;
    parts.push(text.slice(from, to));
    from = to;
  } while (from < text.length);
  return parts;
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
