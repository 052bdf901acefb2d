/** A part of a text, as it is stored. */
export interface TextPart {
  /** In UTF-16, little endian: it has halves of surrogate pairs, which UTF-8 cannot hold. Else in UTF-8. */
  readonly utf16: boolean;
  readonly bytes: Buffer;
}

/** A text in parts of so many code units. An empty text is one part. */
export function* textParts(text: string, units: number): Generator<TextPart> {
  for (let start = 0; start === 0 || start < text.length; start += units) {
    const part = text.slice(start, start + units);
    const utf16 = !part.isWellFormed();
    yield { utf16, bytes: Buffer.from(part, utf16 ? "utf16le" : "utf8") };
  }
}

/** The text of a part. */
export const partText = ({ utf16, bytes }: { readonly utf16: boolean; readonly bytes: Uint8Array }): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(utf16 ? "utf16le" : "utf8");
