import { parseDocument } from "./parsers/yaml-document.ts";
import type { TextHead } from "./text-head.ts";

/** Whether a text is YAML with more to it than one level of keys: something nested, or a list of objects. */
export function isYaml({ text, whole }: TextHead): boolean {
  if (/^\s*[[{]/u.test(text) || !looksNested(text)) return false;
  const document = parseDocument(whole ? text : wholeEntries(text));
  return document.errors.length === 0 && isNested(document.value);
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
