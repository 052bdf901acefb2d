import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import type { Pattern } from "./compile-pattern.ts";
import type { GrepMatch } from "./grep-match.ts";
import { excerpt } from "./grep-match.ts";
import type { GrepOptions } from "./grep-options.ts";
import { grepText } from "./grep-text.ts";

/** Values between two pauses. */
const PAUSE = 256;
/** Characters of all matches together, with their paths and the lines around them. */
const MOST_SHOWN = 16 * 1024 * 1024;

/** A part of the value that is being gone through. */
interface Open {
  readonly value: JsonValue[] | JsonObject;
  readonly keys: readonly string[] | undefined;
  next: number;
}

/**
 * Lines of a text that match; of another value, lines of its texts, its other plain values, and keys, each with its path. What is over the
 * limit, or over 16,777,216 characters, is told by a last item `{ partial }`.
 */
export function* grepValue(
  value: JsonValue,
  pattern: Pattern,
  { context, limit }: GrepOptions,
): Generator<void, JsonValue[], void> {
  const matches: GrepMatch[] = [];
  let full = false;
  let room = MOST_SHOWN;
  const found = (match: GrepMatch): boolean => {
    const { path = "", text, before = [], after = [] } = match;
    room -= [path, text, ...before, ...after].reduce((sum, part) => sum + part.length, 0);
    full = matches.length === limit || room < 0;
    if (!full) matches.push(match);
    return !full;
  };
  if (typeof value === "string") yield* grepText(value, pattern, context, found);
  else yield* grepParts(value, pattern, context, found);
  const way = room < 0 ? "" : ", or give { limit }";
  const partial = `only the first ${matches.length} matches; there are more: narrow the pattern${way}`;
  return [...matches, ...(full ? [{ partial }] : [])] as unknown as JsonValue[];
}

function* grepParts(
  root: JsonValue,
  pattern: Pattern,
  context: number,
  found: (match: GrepMatch) => boolean,
): Generator<void, void, void> {
  const open: Open[] = [];
  const path = (): string => `$${open.map(stepOf).join("")}`;
  let going = true;
  const plain = (text: string, matches: boolean): void => {
    if (matches) going = found({ path: path(), text });
  };
  function* look(value: JsonValue, named: boolean): Generator<void, void, void> {
    if (typeof value === "string") {
      if (named || !value.includes("\n")) {
        let place: number | undefined;
        for (const step of grepText(
          value,
          pattern,
          0,
          (match) => ((place ??= 0), plain(match.text, true), false),
        ))
          yield step;
        if (place === undefined && named) plain(excerpt(value), true);
        return;
      }
      yield* grepText(value, pattern, context, (match) => (going = found({ path: path(), ...match })));
    } else if (value === null || typeof value !== "object") {
      const text = String(value);
      plain(text, named || pattern.test(text));
    } else {
      const keys = Array.isArray(value) ? undefined : Object.keys(value);
      plain(
        keys === undefined
          ? `a list of ${(value as JsonValue[]).length}`
          : `an object of ${keys.length} keys`,
        named,
      );
      if (going) open.push({ value, keys, next: 0 });
    }
  }
  /** What the pattern says of keys: most are the same in all items of a list. */
  const names = new Map<string, boolean>();
  const isNamed = (key: string): boolean => {
    let named = names.get(key);
    if (named === undefined && names.size < 10_000) names.set(key, (named = pattern.test(key)));
    return named ?? pattern.test(key);
  };
  yield* look(root, false);
  let count = 0;
  for (let top = open.at(-1); going && top !== undefined; top = open.at(-1)) {
    const { value, keys } = top;
    if (++count % PAUSE === 0) yield;
    if (top.next === (keys ?? (value as JsonValue[])).length) {
      open.pop();
      continue;
    }
    const key = keys?.[top.next];
    const item = key === undefined ? (value as JsonValue[])[top.next] : (value as JsonObject)[key];
    top.next += 1;
    if (item !== undefined) yield* look(item, key !== undefined && isNamed(key));
  }
}

function stepOf({ keys, next }: Open): string {
  const key = keys?.[next - 1];
  if (keys === undefined) return `[${next - 1}]`;
  return /^[A-Za-z_][\w]*$/.test(key!) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
