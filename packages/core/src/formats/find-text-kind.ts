import { csvShape } from "./csv-shape.ts";
import { findJson } from "./find-json.ts";
import type { FormatVocabulary } from "./format-words.ts";
import { listEntry } from "./list-entry.ts";
import { maskValue } from "./mask-text.ts";
import { splitPair } from "./split-pair.ts";
import { tableLines } from "./table-lines.ts";
import type { TextKind } from "./text-format.ts";
import type { TextHead } from "./text-head.ts";
import { isYaml } from "./is-yaml.ts";

/** What the beginning of a text tells about its kind, the more certain kinds first. */
export function findTextKind(head: TextHead, vocabulary: FormatVocabulary): TextKind {
  const { lines, binary } = head;
  if (lines.length === 0 || binary) return "text";
  if (isJsonLines(lines)) return "jsonl";
  if (tableLines(lines)) return "markdownTable";
  if (isYaml(head)) return "yaml";
  if (isKeyValue(head)) return "keyValue";
  if (isJson(head)) return "json";
  if (isList(lines, "tag") || isList(lines, "mark")) return "list";
  if (csvShape(lines, vocabulary)) return "csv";
  return areLines(lines) ? "lines" : "text";
}

function isJsonLines(lines: readonly string[]): boolean {
  return lines.length > 1 && lines.slice(0, 20).every(isJsonLine);
}

function isJsonLine(line: string): boolean {
  if (!/^\s*(?:\{.*\}|\[.*\])$/u.test(line)) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Of a long text only the head is seen, so its end cannot be checked. */
function isJson({ text, whole }: TextHead): boolean {
  if (whole) return findJson(text) !== undefined;
  return /(?:^\s{0,8}|\n|: )(?:\{\s*"|\[\s*[[{"\d])/u.test(text.slice(0, 1_000));
}

/** Two keys at least, and no line without one but those that go on from the line above. */
function isKeyValue({ text }: TextHead): boolean {
  const keys = new Set<string>();
  for (const line of text.split(/\r\n|[\n\r]/u).slice(0, 200)) {
    if (line.trim() === "" || /^\s*(?:-{3,}|={3,})\s*$/u.test(line)) continue;
    const pair = splitPair(line.slice(0, 300));
    if (pair) keys.add(pair.key);
    else if (keys.size === 0 || !/^\s/u.test(line)) return false;
  }
  return keys.size > 1;
}

/** Tags such as `[FILE]` stand on the first line and on a third of all, as totals may follow; other marks on two thirds. */
function isList(lines: readonly string[], by: "tag" | "mark"): boolean {
  const are = lines.map((line) => by in (listEntry(line) ?? {}));
  const marked = are.filter(Boolean).length;
  return by === "tag"
    ? are[0] === true && marked * 3 >= lines.length
    : marked > 1 && marked * 3 >= lines.length * 2;
}

/** Every line is one value, and most are of the same kind. */
function areLines(lines: readonly string[]): boolean {
  if (lines.length < 2) return false;
  if (lines.every((line) => !/\s/u.test(line.trim()))) return true;
  const masks = lines.map(maskValue);
  const first = masks.at(-1)!;
  return (
    /^<(?!text|word)\w+>$/u.test(first) &&
    masks.filter((mask) => mask === first).length * 3 >= masks.length * 2
  );
}
