import { parseDocument } from "./parsers/yaml-document.ts";
import type { TextHead } from "./text-head.ts";

/** Characters that are parsed to tell: a parser of YAML takes milliseconds for each thousand. */
const MOST_PARSED = 4_096;
/** Brackets that are open at once; for deeper ones the parser takes much longer, and nobody writes them. */
const DEEPEST = 24;

/** Whether a text is YAML with more to it than one level of keys: something nested, or a list of objects. */
export function isYaml({ text, whole }: TextHead): boolean {
  if (/^\s*[[{]/u.test(text) || !looksNested(text)) return false;
  const isShort = text.length <= MOST_PARSED;
  const part = isShort ? text : text.slice(0, text.lastIndexOf("\n", MOST_PARSED) + 1);
  if (isDeep(part)) return false;
  const document = parseDocument(whole && isShort ? part : wholeEntries(part));
  return document.errors.length === 0 && isNested(document.value);
}

function isDeep(text: string): boolean {
  let open = 0;
  for (const [mark] of text.matchAll(/[[\]{}]/gu)) {
    open = mark === "[" || mark === "{" ? open + 1 : Math.max(0, open - 1);
    if (open > DEEPEST) return true;
  }
  return false;
}

/** A key with nothing after it and an indented line or a list below, or a list item that has a key. */
function looksNested(text: string): boolean {
  return (
    /(?:^|\n)[ ]*(?:- )?["']?[\w$][^:\n]{0,60}:[ ]*\r?\n[ ]*(?:[ ]\S|- )/u.test(text) ||
    /(?:^|\n)[ ]*- ["']?\w[^:\n]{0,60}:(?:[ ]|\r?\n)/u.test(text)
  );
}

/** Without the last entry of the first level, for a text that goes on. */
function wholeEntries(text: string): string {
  const lines = text.split("\n");
  const last = lines.findLastIndex((line) => /^\S/u.test(line));
  return last > 0 ? lines.slice(0, last).join("\n") : text;
}

function isNested(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => typeof item === "object" && item !== null);
  return typeof value === "object" && value !== null;
}
