/** Grows pauses between attempts: doubled each time up to a bound, and small again after a success that lasted. */
export interface Backoff {
  /** The next pause in milliseconds. */
  next(): number;
  /** Tells that the connection was made now. */
  succeeded(): void;
}

/** Bounds of a {@link Backoff}, in milliseconds. */
export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  /** How long a connection must last to count as a success. */
  readonly stableMs: number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

/** Makes a backoff at its smallest pause. */
export function createBackoff(options: BackoffOptions): Backoff {
  let pause = options.initialMs;
  let since: number | undefined;
  return {
    next() {
      if (since !== undefined && options.elapsed() - since >= options.stableMs) pause = options.initialMs;
      since = undefined;
      const current = pause;
      pause = Math.min(pause * 2, options.maxMs);
      return current;
    },
    succeeded() {
      since = options.elapsed();
    },
  };
}
