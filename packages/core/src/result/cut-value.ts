import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import type { ShapedValue } from "./shaped-value.ts";

/** How much of each kind a cut keeps. */
export interface CutSizes {
  /** Items of a list. */
  readonly items: number;
  /** Characters of a text. */
  readonly text: number;
  /** Keys of an object. */
  readonly keys: number;
  /** Levels of nesting. */
  readonly depth: number;
}

/** More than this of anything never fits a budget. */
export const LARGEST_CUT: CutSizes = { items: 20_000, text: 200_000, keys: 5_000, depth: 64 };

/** Notes at most; the last one counts those that found no room. */
const MAX_NOTES = 12;

interface Loss {
  count: number;
  readonly first: string;
  readonly kind: string;
}

/** Keys of objects, read once: a value is cut many times until it fits. */
export type KnownKeys = Map<JsonObject, readonly string[]>;

function keysOf(value: JsonObject, known: KnownKeys): readonly string[] {
  let keys = known.get(value);
  if (keys === undefined) known.set(value, (keys = Object.keys(value)));
  return keys;
}

/** Keeps the first `items`, `keys`, characters and levels of everything; names each place where something is missing. */
export function cutValue(value: JsonValue, sizes: CutSizes, known: KnownKeys = new Map()): ShapedValue {
  const losses = new Map<string, Loss>();
  const lose = (path: string, kind: string, note: string): void => {
    const place = `${path} ${kind}`;
    const known = losses.get(place);
    if (known) known.count += 1;
    else losses.set(place, { count: 1, first: `${path}: ${note}`, kind });
  };
  const cut = (value: JsonValue, path: string, depth: number): JsonValue => {
    if (typeof value === "string") {
      if (value.length <= sizes.text) return value;
      lose(path, "text", `${sizes.text} of ${value.length} characters`);
      return `${wellFormed(value.slice(0, sizes.text))}…`;
    }
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) {
      if (depth >= sizes.depth && value.length > 0) {
        lose(path, "list", `a list of ${value.length}`);
        return [];
      }
      if (value.length > sizes.items) lose(path, "items", `${sizes.items} of ${value.length} items`);
      return value.slice(0, sizes.items).map((item) => cut(item, `${path}[*]`, depth + 1));
    }
    const keys = keysOf(value, known);
    if (depth >= sizes.depth && keys.length > 0) {
      lose(path, "object", `an object of ${keys.length} keys`);
      return {};
    }
    if (keys.length > sizes.keys) lose(path, "keys", `${sizes.keys} of ${keys.length} keys`);
    const kept: JsonObject = {};
    for (const key of keys.slice(0, sizes.keys)) {
      const item = value[key];
      if (item !== undefined) define(kept, key, cut(item, `${path}${step(key)}`, depth + 1));
    }
    return kept;
  };
  const result = cut(value, "$", 0);
  return { value: result, omitted: notes([...losses.values()]) };
}

function notes(losses: readonly Loss[]): string[] {
  const lines = losses.map(({ count, first }) =>
    count === 1 ? first : `${first}, and ${count - 1} more alike`,
  );
  return lines.length <= MAX_NOTES
    ? lines
    : [...lines.slice(0, MAX_NOTES - 1), `and at ${lines.length - MAX_NOTES + 1} more places`];
}

/** A key as a step of a path; a strange or long one is quoted and shortened. */
const step = (key: string): string =>
  /^[\w$]{1,40}$/.test(key)
    ? `.${key}`
    : `[${JSON.stringify(key.length > 40 ? `${wellFormed(key.slice(0, 40))}…` : key)}]`;

/** A cut may not leave half of a surrogate pair. */
const wellFormed = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, "");

/** Sets a key whatever its name; a plain assignment of `__proto__` would be lost. */
function define(target: JsonObject, key: string, value: JsonValue): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
