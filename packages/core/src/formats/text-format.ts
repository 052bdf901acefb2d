/** What a text can be; `text` is everything else. `list` has marked items, `lines` has one value of one kind on each line. */
export type TextKind =
  | "json"
  | "jsonl"
  | "csv"
  | "keyValue"
  | "markdownTable"
  | "yaml"
  | "list"
  | "lines"
  | "text";

/** A kind that can be parsed. */
export type ParsedKind = Exclude<TextKind, "text">;

/** The kinds that can be parsed. */
export const PARSED_KINDS: readonly ParsedKind[] = [
  "json",
  "jsonl",
  "csv",
  "keyValue",
  "markdownTable",
  "yaml",
  "list",
  "lines",
];

/** What the texts of a tool look like. Plain data that may be stored: it holds no value of any text. */
export interface TextFormat {
  readonly kind: TextKind;
  /**
   * An example of at most {@link SAMPLE_LENGTH} characters in which every value is a placeholder, such as
   * `size: <number>\ncreated: <date>`. Empty for an empty text.
   */
  readonly sample: string;
}

/** Characters that a sample has at most. */
export const SAMPLE_LENGTH = 120;

/** Whether a value names a kind that can be parsed. */
export function isParsedKind(value: unknown): value is ParsedKind {
  return (PARSED_KINDS as readonly unknown[]).includes(value);
}
