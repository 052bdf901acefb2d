const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines, each byte looked at and copied once. */
export interface LineFramer {
  /** The lines that this chunk completes, without their line breaks. Throws a RangeError when a line is too long. */
  push(chunk: Buffer): string[];
}

/** A framer for lines of at most `maxBytes` bytes. Never holds more than that and one chunk. */
export function createLineFramer(maxBytes: number): LineFramer {
  let parts: Buffer[] = [];
  let held = 0;
  const hold = (part: Buffer): void => {
    held += part.length;
    if (held > maxBytes) {
      parts = [];
      throw new RangeError(`a line is over ${maxBytes} bytes`);
    }
    if (part.length > 0) parts.push(part);
  };
  const take = (): string => {
    const line =
      parts.length === 1 ? parts[0]!.toString("utf8") : Buffer.concat(parts, held).toString("utf8");
    parts = [];
    held = 0;
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  };
  return {
    push(chunk) {
      const lines: string[] = [];
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(NEWLINE, start);
        hold(chunk.subarray(start, end === -1 ? undefined : end));
        if (end === -1) return lines;
        lines.push(take());
        start = end + 1;
      }
    },
  };
}
