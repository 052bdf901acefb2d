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
  /** Gets the text, in pieces as they come. */
  readonly onText: (text: string) => void;
  /** Bytes kept for {@link StderrTail.text}. Default 4,096. */
  readonly keepBytes?: number;
  /** Bytes passed to `onText` in a window of 10 seconds; the rest is counted. Default 65,536. */
  readonly windowBytes?: number;
}

const WINDOW_MS = 10_000;

/** Makes a tail: keeps the last bytes, and passes on only so much in a window of time. */
export function createStderrTail(options: StderrTailOptions): StderrTail {
  const { clock, onText, keepBytes = 4_096, windowBytes = 65_536 } = options;
  let kept = Buffer.alloc(0);
  let windowStart = clock.elapsed();
  let passed = 0;
  let omitted = 0;
  return {
    push(chunk) {
      kept = Buffer.from(Buffer.concat([kept, chunk.subarray(-keepBytes)]).subarray(-keepBytes));
      const now = clock.elapsed();
      if (now - windowStart >= WINDOW_MS) {
        if (omitted > 0) onText(`(${omitted} bytes left out)`);
        windowStart = now;
        passed = 0;
        omitted = 0;
      }
      const part = chunk.subarray(0, Math.max(0, windowBytes - passed));
      passed += part.length;
      omitted += chunk.length - part.length;
      if (part.length > 0) onText(part.toString("utf8"));
    },
    text: () => kept.toString("utf8"),
  };
}
