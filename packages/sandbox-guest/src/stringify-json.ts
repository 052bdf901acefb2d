import type { JsonValue } from "@mcp-optimizer/contracts";
import { runInSteps } from "./run-in-steps.ts";

/** A value of up to this weight is written at once: about a millisecond. */
const AT_ONCE = 131_072;
/** What a value weighs beside the characters of its strings. */
const NODE = 8;
/** Characters of text between two pauses. */
const PAUSE = 32_768;

/** Thrown for a value whose text would be over its limit. */
export class TextTooLong extends Error {}

/**
 * JSON text of a value; a large one is written in steps of a few milliseconds. Rejects with {@link TextTooLong} as soon as a large one is
 * over `mostCharacters`.
 */
export function stringifyJson(value: JsonValue, mostCharacters: number = Infinity): string | Promise<string> {
  return weigh(value, AT_ONCE) < 0
    ? runInSteps(stringifySteps(value, mostCharacters))
    : JSON.stringify(value);
}

/** What is left of an allowance after a value; negative as soon as it is used up. */
function weigh(value: JsonValue | undefined, allowance: number): number {
  let left = allowance - NODE;
  if (typeof value === "string") {
    return left - value.length;
  }
  if (typeof value !== "object" || value === null) {
    return left;
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && left >= 0; i++) {
      left = weigh(value[i], left);
    }
    return left;
  }
  for (const key in value) {
    left = weigh(value[key], left - key.length);
    if (left < 0) {
      break;
    }
  }
  return left;
}

interface Open {
  readonly holder: string | JsonValue[] | Record<string, JsonValue | undefined>;
  readonly keys: readonly string[] | undefined;
  next: number;
  first: boolean;
}

function* stringifySteps(root: JsonValue, mostCharacters: number): Generator<void, string> {
  let text = "";
  let paused = 0;
  const stack: Open[] = [];
  const begin = (value: JsonValue | undefined): void => {
    if (typeof value === "string" && value.length > PAUSE) {
      if (value.length > mostCharacters) throw new TextTooLong();
      stack.push({ holder: value, keys: undefined, next: 0, first: true });
      text += '"';
    } else if (typeof value === "object" && value !== null && weigh(value, PAUSE) < 0) {
      const list = Array.isArray(value);
      stack.push({ holder: value, keys: list ? undefined : Object.keys(value), next: 0, first: true });
      text += list ? "[" : "{";
    } else {
      text += JSON.stringify(value) ?? "null";
    }
  };
  begin(root);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    step(top);
    if (text.length > mostCharacters) throw new TextTooLong();
    if (text.length - paused > PAUSE) {
      paused = text.length;
      yield;
    }
  }
  return text;

  function step(top: Open): void {
    if (typeof top.holder === "string") {
      writePart(top, top.holder);
      return;
    }
    const index = top.next++;
    if (Array.isArray(top.holder)) {
      if (index === top.holder.length) {
        stack.pop();
        text += "]";
        return;
      }
      text += index === 0 ? "" : ",";
      begin(top.holder[index]);
      return;
    }
    const key = top.keys![index];
    if (key === undefined) {
      stack.pop();
      text += "}";
      return;
    }
    const value = top.holder[key];
    if (value !== undefined) {
      text += `${top.first ? "" : ","}${JSON.stringify(key)}:`;
      top.first = false;
      begin(value);
    }
  }

  function writePart(top: Open, whole: string): void {
    let end = top.next + PAUSE;
    // Half of a pair would be written as an escape.
    if (end < whole.length && (whole.charCodeAt(end - 1) & 0xfc00) === 0xd800) end++;
    text += JSON.stringify(whole.slice(top.next, end)).slice(1, -1);
    top.next = end;
    if (end >= whole.length) {
      stack.pop();
      text += '"';
    }
  }
}
