import { createRequire } from "node:module";
import type { TokenCounter } from "@mcp-optimizer/contracts";

/** A run of one kind of character this long takes the encoder time that grows with its square. */
const LONG_RUN = /[\p{L}\p{M}]{257,}|\s{257,}|[^\s\p{L}\p{N}]{257,}|[\r\n/]{257,}/gu;
const PIECE = 256;

type Encoding = typeof import("gpt-tokenizer/encoding/o200k_base");

const require = createRequire(import.meta.url);

/**
 * The o200k_base counter. Loads its table with the first count, which takes about 0.2 s then.
 * A word of over 256 characters is counted in pieces of 256, which bounds the time and may count a token too many per piece.
 */
export function createO200kTokenCounter(): TokenCounter {
  const plain = { disallowedSpecial: new Set<string>() };
  let encoding: Encoding | undefined;
  return {
    encoding: "o200k_base",
    count(text) {
      const { countTokens } = (encoding ??= require("gpt-tokenizer/encoding/o200k_base") as Encoding);
      let total = 0;
      let from = 0;
      for (const { index, 0: run } of text.matchAll(LONG_RUN)) {
        total += countTokens(text.slice(from, index), plain);
        for (let at = 0; at < run.length; at += PIECE) total += countTokens(run.slice(at, at + PIECE), plain);
        from = index + run.length;
      }
      return total + countTokens(from === 0 ? text : text.slice(from), plain);
    },
  };
}

/** The o200k_base counter with its table loaded. */
export async function loadO200kTokenCounter(): Promise<TokenCounter> {
  const counter = createO200kTokenCounter();
  counter.count("");
  return counter;
}
