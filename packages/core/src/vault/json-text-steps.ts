import type { JsonValue } from "@mcp-optimizer/contracts";
import { jsonSize } from "../result/json-size.ts";

/** Characters that are written at once: about a millisecond. */
const AT_ONCE = 131_072;
/** Deeper parts are written at once, whatever their size. */
const DEEPEST = 16;

/** The JSON text of a value, written in pieces of about `atOnce` characters. It is what `JSON.stringify` gives. */
export function* jsonTextSteps(value: JsonValue, atOnce: number = AT_ONCE): Generator<void, string, void> {
  const pieces: string[] = [];
  yield* write(value, 0, atOnce, (piece) => void pieces.push(piece));
  return pieces.join("");
}

/** Writes a value; it tells whether there was one. */
function* write(
  value: JsonValue | undefined,
  depth: number,
  atOnce: number,
  put: (piece: string) => void,
): Generator<void, void, void> {
  if (value === undefined) {
    put("null");
    return;
  }
  if (value === null || typeof value !== "object" || depth === DEEPEST || jsonSize(value, atOnce) <= atOnce) {
    put(JSON.stringify(value));
    yield;
    return;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) put("[");
    for (let index = 0; index < value.length;) {
      put(index === 0 ? "[" : ",");
      const end = chunkEnd(value, index, atOnce);
      if (end - index > 1) {
        put(JSON.stringify(value.slice(index, end)).slice(1, -1));
        yield;
      } else yield* write(value[index], depth + 1, atOnce, put);
      index = end;
    }
    put("]");
    return;
  }
  let first = true;
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined) continue;
    put(`${first ? "{" : ","}${JSON.stringify(key)}:`);
    first = false;
    yield* write(item, depth + 1, atOnce, put);
  }
  put(first ? "{}" : "}");
}

/** Where the items from an index on have as many characters as are written at once; at least one. */
function chunkEnd(list: readonly JsonValue[], from: number, atOnce: number): number {
  let room = atOnce;
  let end = from;
  while (end < list.length && room > 0) {
    const size = jsonSize(list[end], room);
    if (size > room && end > from) break;
    room -= size;
    end += 1;
  }
  return end;
}
