import type { SourcePosition } from "@mcp-optimizer/contracts";
import type { Insertion } from "./tail-return.ts";

/** Finds in the user's text what the guest names in its own. */
export interface PositionMap {
  /** Undefined when the position lies outside the user's text. */
  toUser(position: SourcePosition): SourcePosition | undefined;
}

/** Applies insertions to a text and remembers them. */
export function applyInsertions(code: string, insertions: readonly Insertion[]): string {
  let result = code;
  for (const { offset, text } of [...insertions].sort((a, b) => b.offset - a.offset)) {
    result = result.slice(0, offset) + text + result.slice(offset);
  }
  return result;
}

/**
 * Maps positions of the wrapped text with insertions back to the user's text.
 * `shift` = lines of the user's text before the program's first line, minus lines that the wrapper put before it.
 */
export function createPositionMap(
  code: string,
  insertions: readonly Insertion[],
  shift: number,
  userLines: number,
): PositionMap {
  const byLine = new Map<number, { column: number; length: number }[]>();
  for (const { offset, text } of [...insertions].sort((a, b) => a.offset - b.offset)) {
    const before = code.slice(0, offset).split("\n");
    const places = byLine.get(before.length) ?? [];
    places.push({ column: before.at(-1)!.length + 1, length: text.length });
    byLine.set(before.length, places);
  }
  return {
    toUser({ line, column }) {
      let back = 0;
      for (const place of byLine.get(line) ?? []) {
        if (column - back > place.column) back += Math.min(place.length, column - back - place.column);
      }
      const user = { line: line + shift, column: column - back };
      return user.line >= 1 && user.line <= userLines ? user : undefined;
    },
  };
}
