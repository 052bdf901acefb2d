import type { JsonValue, TokenCounter } from "@mcp-optimizer/contracts";
import { jsonSize } from "../result/json-size.ts";

/** Text that waits to be counted: all of it, or pieces of a long one. */
export interface HeldText {
  readonly pieces: readonly string[];
  /** Of the whole text, in characters. */
  readonly length: number;
  /** Whether the pieces are all of it. */
  readonly whole: boolean;
}

/** Tokens of a text, and how many of them are no count but an estimate. */
export interface TextTokens {
  readonly tokens: number;
  readonly estimated: number;
}

/** Characters of a text that is counted to the last one. */
export const EXACT_CHARACTERS = 20_000;
/** What a token has of text that is not counted. */
export const CHARACTERS_A_TOKEN = 4;
const PIECES = 8;
const PIECE = 1_000;

/** Holds texts that stand together in one result; of those that are longer than `exact` together, eight evenly spaced pieces alone. */
export function holdTexts(texts: readonly string[], exact: number = EXACT_CHARACTERS): HeldText {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length <= exact) return { pieces: texts, length, whole: true };
  const size = Math.min(PIECE, Math.ceil(exact / PIECES));
  const pieces: string[] = [];
  let before = 0;
  for (const text of texts) {
    while (pieces.length < PIECES) {
      const at = Math.floor((pieces.length * (length - size)) / (PIECES - 1)) - before;
      if (at >= text.length) break;
      pieces.push(copyOf(text.slice(Math.max(0, at), Math.max(0, at) + size)));
    }
    before += text.length;
  }
  return { pieces, length, whole: false };
}

/** Counts a text: each piece, and what is not held in proportion. */
export function tokensOf(counter: TokenCounter, { pieces, length, whole }: HeldText): TextTokens {
  const counted = pieces.reduce((sum, piece) => sum + counter.count(piece), 0);
  if (whole) return { tokens: counted, estimated: 0 };
  const held = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const tokens = Math.round((counted * length) / held);
  return { tokens, estimated: tokens };
}

/** Tokens of the JSON of a value that none can be made of, by its length alone. */
export function guessTokens(value: JsonValue | undefined): TextTokens {
  const tokens = Math.round(jsonSize(value) / CHARACTERS_A_TOKEN);
  return { tokens, estimated: tokens };
}

/** A slice keeps all of the text that it was cut from. */
const copyOf = (text: string): string => Buffer.from(text, "utf16le").toString("utf16le");
