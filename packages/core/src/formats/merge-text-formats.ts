import { mergeLines } from "./merge-lines.ts";
import { sampleText } from "./sample-text.ts";
import type { TextFormat } from "./text-format.ts";

/**
 * One format for the texts of both. What differs becomes `<text>`, or is left out where only one side has it; a kind that changes becomes
 * `text`. An empty text fits any other. Merging what was merged already with the same changes nothing.
 */
export function mergeTextFormats(a: TextFormat, b: TextFormat): TextFormat {
  if (b.sample === "" || (a.kind === b.kind && a.sample === b.sample)) return a;
  if (a.sample === "") return b;
  const kind = a.kind === b.kind ? a.kind : "text";
  const left = linesOf(a.sample);
  const right = linesOf(b.sample);
  const more = left.more || right.more || left.lines.length !== right.lines.length;
  const lines = isKeyed(kind)
    ? mergeKeyed(left.lines, right.lines)
    : kind === "list"
      ? mergeListed(left.lines, right.lines)
      : mergeInOrder(left.lines, right.lines);
  const sample = sampleText(lines, more || lines.length < left.lines.length);
  return { kind, sample: sample === "" ? "<text>" : sample };
}

const isKeyed = (kind: TextFormat["kind"]): boolean => kind === "keyValue" || kind === "yaml";

function linesOf(sample: string): { readonly lines: readonly string[]; readonly more: boolean } {
  const more = sample.endsWith("\n…");
  return { lines: (more ? sample.slice(0, -2) : sample).split("\n"), more };
}

function mergeInOrder(left: readonly string[], right: readonly string[]): string[] {
  return left.slice(0, right.length).map((line, at) => mergeLines(line, right[at]!));
}

/** Keys that both have. */
function mergeKeyed(left: readonly string[], right: readonly string[]): string[] {
  const keyOf = (line: string): string => /^[^:=]*/u.exec(line)![0];
  const others = new Map(right.map((line) => [keyOf(line), line] as const));
  return left.flatMap((line) => {
    const other = others.get(keyOf(line));
    return other === undefined ? [] : [mergeLines(line, other)];
  });
}

/** Tags that either has, as not every directory has a file of every kind. */
function mergeListed(left: readonly string[], right: readonly string[]): string[] {
  const markOf = (line: string): string => /^\S*/u.exec(line)![0];
  const merged = new Map(left.map((line) => [markOf(line), line] as const));
  for (const line of right) {
    const known = merged.get(markOf(line));
    merged.set(markOf(line), known === undefined ? line : mergeLines(known, line));
  }
  return [...merged.values()];
}
