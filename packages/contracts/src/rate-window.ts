/** Counts what keys use within a span of time, which begins with a key's first use. What is used is not known to whoever has another key. */
export interface RateWindow {
  /** Takes so much of a key. Resolves with 0, or, when there is not so much left, with the milliseconds until there is, and takes nothing. */
  take(key: string, amount: number): Promise<number>;
  /** Gives back what was taken. */
  giveBack(key: string, amount: number): Promise<void>;
  /** Notes what was used, however little was left. */
  note(key: string, amount: number): Promise<void>;
  /** Resolves with 0 while anything is left, else with the milliseconds until there is. */
  usedUpFor(key: string): Promise<number>;
}

/** What a {@link RateWindow} counts. */
export interface RateWindowOptions {
  /** Unique for a store: windows of one name share their counts. */
  readonly name: string;
  readonly amount: number;
  readonly seconds: number;
}

/** Makes windows, in memory or in a store that processes share. */
export type RateWindowFactory = (options: RateWindowOptions) => RateWindow;
