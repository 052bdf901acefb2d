import type { JsonValue, TokenCounter } from "@mcp-optimizer/contracts";
import { jsonSize } from "../result/json-size.ts";
import type { CountingQueue } from "./counting-queue.ts";
import { EXACT_CHARACTERS, holdTexts, tokensOf, type HeldText, type TextTokens } from "./held-text.ts";

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
  const hold = (texts: readonly string[]): HeldText =>
    holdTexts(texts, waiting > MOST_WAITING ? EXACT_UNDER_LOAD : EXACT_CHARACTERS);

  return ({ texts, value }, told) => {
    const size = value === undefined ? 0 : jsonSize(value, EXACT_CHARACTERS);
    const late = size > EXACT_CHARACTERS;
    const held = late ? undefined : hold(value === undefined ? texts : [JSON.stringify(value)]);
    const kept = Math.min(held?.length ?? size, EXACT_CHARACTERS);
    waiting += kept;
    queue.add(() => {
      waiting -= kept;
      told(tokensOf(counter, held ?? hold([JSON.stringify(value)])));
    });
    return held?.length ?? size;
  };
}
