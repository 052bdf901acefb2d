import type { SourcePosition } from "@mcp-optimizer/contracts";
import type { Insertion } from "./tail-return.ts";

/** What was put into a text, by its place in it; plain data. */
export interface Edit {
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
  readonly length: number;
}

/** How positions of the guest's text relate to the user's; plain data. */
export interface PositionShift {
  readonly edits: readonly Edit[];
  /** Lines of the user's text before the program's first line, minus lines that the wrapper put before it. */
  readonly lines: number;
  /** Lines of the user's text. */
  readonly userLines: number;
}

/** Applies insertions to a text. */
export function applyInsertions(code: string, insertions: readonly Insertion[]): string {
  let result = code;
  for (const { offset, text } of [...insertions].sort((a, b) => b.offset - a.offset)) {
    result = result.slice(0, offset) + text + result.slice(offset);
  }
  return result;
}

/** The places of insertions in the text before them. */
export function editsOf(code: string, insertions: readonly Insertion[]): Edit[] {
  return [...insertions]
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, text }) => {
      const before = code.slice(0, offset);
      return {
        line: before.split("\n").length,
        column: offset - before.lastIndexOf("\n"),
        length: text.length,
      };
    });
}

/** Where in the user's text a position of the guest's lies; undefined when it lies outside. */
export function toUserPosition(
  { edits, lines, userLines }: PositionShift,
  { line, column }: SourcePosition,
): SourcePosition | undefined {
  let back = 0;
  for (const edit of edits) {
    if (edit.line === line && column - back > edit.column)
      back += Math.min(edit.length, column - back - edit.column);
  }
  const user = { line: line + lines, column: column - back };
  return user.line >= 1 && user.line <= userLines ? user : undefined;
}
