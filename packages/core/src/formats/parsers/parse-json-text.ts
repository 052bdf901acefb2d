import type { JsonValue } from "@mcp-optimizer/contracts";
import { findJson } from "../find-json.ts";
import { formatError, lineAt } from "../format-error.ts";

/** Characters of a broken text in which the place is looked for. */
const LOOKED_FOR = 1024 * 1024;

/** JSON that is the whole text, or one object or list with lines of prose or a fence around it. */
export function parseJsonText(text: string): JsonValue {
  let cause: unknown;
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, "")) as JsonValue;
  } catch (error) {
    cause = error;
  }
  const found = findJson(text);
  if (!found) {
    const line = /^\s*[[{]/u.test(text) && text.length <= LOOKED_FOR ? brokenLine(text) : undefined;
    throw formatError("json", "there is no whole object or list", line, cause);
  }
  const next = findJson(text, found.end);
  if (next) {
    throw formatError(
      "json",
      'a second value begins; use "jsonl" for one on each line, or parse slices',
      lineAt(text, next.start),
    );
  }
  return found.value as JsonValue;
}

/** The line at which a text stops being JSON: up to the line before, only its end is missing. */
function brokenLine(text: string): number {
  const ends = Array.from(text.matchAll(/\n|$/gu), ({ index }) => index);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lacksItsEnd(text.slice(0, ends[middle]))) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** Whether nothing is wrong with the beginning of a JSON text but that it ends. */
function lacksItsEnd(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/u.exec(message)?.[1];
    return /end of JSON input|Unterminated/u.test(message) || Number(position) === beginning.length;
  }
}

/** One JSON value on each line that is not blank. */
export function parseJsonLines(text: string): JsonValue {
  const values: JsonValue[] = [];
  let number = 0;
  for (const line of text.replace(/^\uFEFF/u, "").split("\n")) {
    number += 1;
    if (line.trim() === "") continue;
    try {
      values.push(JSON.parse(line) as JsonValue);
    } catch (error) {
      throw formatError("jsonl", "this is no JSON value", number, error);
    }
  }
  return values;
}
