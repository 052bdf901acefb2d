import type { Clock } from "@mcp-optimizer/contracts";

/** Takes in a server's stderr within fixed memory. */
export interface StderrTail {
  push(chunk: Buffer): void;
  /** The last bytes, as text. */
  text(): string;
}

/** Bounds of a {@link StderrTail}. */
export interface StderrTailOptions {
  readonly clock: Clock;
  /** Gets the text in whole lines, so that nothing in it is cut in two; only a very long line comes in pieces. */
  readonly onText: (text: string) => void;
  /** Bytes kept for {@link StderrTail.text}. Default 4,096. */
  readonly keepBytes?: number;
  /** Bytes passed to `onText` in a window of 10 seconds; the rest is counted. Default 65,536. */
  readonly windowBytes?: number;
}

const WINDOW_MS = 10_000;
const LONGEST_LINE = 16_384;
const NEWLINE = 0x0a;

/** Makes a tail: keeps the last bytes, and passes on only so much in a window of time. */
export function createStderrTail(options: StderrTailOptions): StderrTail {
  const { clock, onText, keepBytes = 4_096, windowBytes = 65_536 } = options;
  let kept = Buffer.alloc(0);
  let begun = Buffer.alloc(0);
  let windowStart = clock.elapsed();
  let passed = 0;
  let omitted = 0;

  const pass = (lines: Buffer): void => {
    const now = clock.elapsed();
    if (now - windowStart >= WINDOW_MS) {
      if (omitted > 0) onText(`(${omitted} bytes left out)`);
      windowStart = now;
      passed = 0;
      omitted = 0;
    }
    const room = windowBytes - passed;
    const end = lines.length <= room ? lines.length : lines.subarray(0, room).lastIndexOf(NEWLINE) + 1;
    const part = lines.subarray(0, end);
    passed += part.length;
    omitted += lines.length - part.length;
    if (part.length > 0) onText(part.toString("utf8"));
  };

  return {
    push(chunk) {
      kept = Buffer.concat([kept, chunk.subarray(-keepBytes)]).subarray(-keepBytes);
      const end = chunk.lastIndexOf(NEWLINE) + 1;
      if (end > 0) pass(Buffer.concat([begun, chunk.subarray(0, end)]));
      begun = Buffer.concat([end > 0 ? Buffer.alloc(0) : begun, chunk.subarray(end)]);
      if (begun.length <= LONGEST_LINE) return;
      pass(begun);
      begun = Buffer.alloc(0);
    },
    text: () => kept.toString("utf8"),
  };
}
