import { safeText } from "../signatures/safe-text.ts";
import { cutLine } from "./sample-text.ts";
import type { TextFormat, TextKind } from "./text-format.ts";

const NAMES: Readonly<Record<TextKind, string>> = {
  json: "JSON",
  jsonl: "JSON lines",
  csv: "CSV",
  keyValue: "key-value",
  markdownTable: "Markdown table",
  yaml: "YAML",
  list: "list",
  lines: "lines",
  text: "",
};

/**
 * What a signature says of a text, to stand in a comment after `Promise<string>`: its sample in quotes on one line, and where it can be
 * parsed, its kind and how, as in `"size: <number>\ncreated: <date>" key-value: tools.parse(text)`. At most `length` characters; safe
 * within any comment. Empty when nothing is known but that it has words.
 */
export function formatNote({ kind, sample }: TextFormat, length: number = 100): string {
  if (sample === "" || (kind === "text" && saysNothing(sample))) return "";
  const ending = kind === "text" ? "" : ` ${NAMES[kind]}: tools.parse(text)`;
  const escaped = sample
    .split("\n")
    .map(escapeLine)
    .join(String.raw`\n`);
  // A cut may not leave half of an escape.
  const cut = cutLine(escaped, Math.max(8, length - ending.length - 3)).replace(/\\n? *…$/u, "…");
  return `"${cut}"${ending}`;
}

/** Whether it only says that there are words: `### <text>`. */
const saysNothing = (sample: string): boolean => !/[\p{L}<]/u.test(sample.replace(/<(?:text|word)>/gu, ""));

/** Indentation is kept, as YAML has a meaning for it. */
function escapeLine(line: string): string {
  const [indent = ""] = /^ */u.exec(line) ?? [];
  return indent + safeText(line.replace(/\t/gu, String.raw`\t`).replace(/"/gu, "'"));
}
