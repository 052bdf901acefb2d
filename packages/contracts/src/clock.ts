/** Time, passed in so that tests need no timers. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Monotonic milliseconds with fractions. */
  elapsed(): number;
  /** Calls back once after `ms` milliseconds. Returns the canceller. */
  schedule(ms: number, callback: () => void): () => void;
}
