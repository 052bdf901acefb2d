import type { JsonValue, TokenCounter } from "@mcp-optimizer/contracts";
import { jsonSize } from "../result/json-size.ts";
import type { CountingQueue } from "./counting-queue.ts";
import {
  EXACT_CHARACTERS,
  guessTokens,
  holdTexts,
  tokensOf,
  type HeldText,
  type TextTokens,
} from "./held-text.ts";

/** What is to be counted: texts, or the JSON of a value. */
export interface Countable {
  readonly texts: readonly string[];
  readonly value?: JsonValue;
}

/** Counts when the process has nothing else to do; `told` is called then. Returns the characters of it, of a large value at least so many. */
export type TextCounting = (what: Countable, told: (counted: TextTokens) => void) => number;

/** Characters that wait to be counted; beyond, no more than a sample of a text waits. */
const MOST_WAITING = 4_000_000;
const EXACT_UNDER_LOAD = 2_000;

/** Makes a {@link TextCounting}. A large value waits as it is: to make a text of it takes its time, too. */
export function createTextCounting(counter: TokenCounter, queue: CountingQueue): TextCounting {
  let waiting = 0;
  /** Undefined for a value that no JSON can be made of: nested too deeply, or too large for a text. */
  const hold = ({ texts, value }: Countable): HeldText | undefined => {
    const exact = waiting > MOST_WAITING ? EXACT_UNDER_LOAD : EXACT_CHARACTERS;
    try {
      return holdTexts(value === undefined ? texts : [JSON.stringify(value)], exact);
    } catch {
      return undefined;
    }
  };

  return (what, told) => {
    const { value } = what;
    const size = value === undefined ? 0 : jsonSize(value, EXACT_CHARACTERS);
    const held = size > EXACT_CHARACTERS ? undefined : hold(what);
    const kept = Math.min(held?.length ?? size, EXACT_CHARACTERS);
    waiting += kept;
    queue.add(() => {
      waiting -= kept;
      const text = held ?? hold(what);
      told(text === undefined ? guessTokens(value) : tokensOf(counter, text));
    });
    return held?.length ?? size;
  };
}
