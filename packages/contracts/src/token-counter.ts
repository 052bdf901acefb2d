/** Counts tokens of text. */
export interface TokenCounter {
  /** The encoding's name, such as `o200k_base`. */
  readonly encoding: string;
  count(text: string): number;
}
