import { csvShape } from "./csv-shape.ts";
import { findJson } from "./find-json.ts";
import { hasKeyWord, isKnownWord, type FormatVocabulary } from "./format-words.ts";
import { areKeys, isSurelyHead, mayBeHead } from "./head-row.ts";
import { isKeyLike } from "./is-key-like.ts";
import { listEntry } from "./list-entry.ts";
import { maskText, maskValue } from "./mask-text.ts";
import { mergeAll, mergeLines, mergeValues } from "./merge-lines.ts";
import { sampleText } from "./sample-text.ts";
import { splitPair } from "./split-pair.ts";
import { tableLines } from "./table-lines.ts";
import type { TextKind } from "./text-format.ts";
import type { TextHead } from "./text-head.ts";

/** The sample of a text of a known kind. Nothing of a value is in it. */
export function textSample(kind: TextKind, head: TextHead, vocabulary: FormatVocabulary): string {
  const { lines, whole } = head;
  if (head.binary) return "<binary>";
  if (lines.length === 0) return "";
  switch (kind) {
    case "json":
      return sampleText([...prefaceOfJson(head, vocabulary), "<json>"]);
    case "jsonl":
      return sampleText(["<json>", "<json>"]);
    case "csv":
      return csvSample(lines, vocabulary);
    case "markdownTable":
      return tableSample(lines, vocabulary);
    case "keyValue":
    case "yaml":
      return pairSample(lines, vocabulary, !whole);
    case "list":
      return listSample(lines, vocabulary);
    case "lines":
      return sampleText(lineSamples(lines, vocabulary), true);
    default:
      return sampleText(
        lines.slice(0, 6).map((line) => proseSample(line, vocabulary)),
        !whole || lines.length > 6,
      );
  }
}

function prefaceOfJson({ text, whole }: TextHead, vocabulary: FormatVocabulary): string[] {
  const start = whole
    ? (findJson(text)?.start ?? 0)
    : text.search(/(?<=^\s{0,8}|\n|: )(?:\{\s*"|\[\s*[[{"\d])/u);
  const preface = text.slice(0, Math.max(0, start)).split("\n").slice(0, 4);
  return preface.map((line) => maskText(line.slice(0, 300), vocabulary)).filter((line) => line !== "");
}

function csvSample(lines: readonly string[], vocabulary: FormatVocabulary): string {
  const { delimiter = ",", rows = [] } = csvShape(lines, vocabulary) ?? {};
  const [first = [], ...rest] = rows;
  if (!mayBeHead(first)) return sampleText([columns(rows).join(delimiter)], rest.length > 0);
  const head = isSurelyHead(first, vocabulary) ? first : first.map(() => "<word>");
  return sampleText([head.join(delimiter), columns(rest).join(delimiter)], rest.length > 1);
}

function tableSample(lines: readonly string[], vocabulary: FormatVocabulary): string {
  const table = tableLines(lines)!;
  const preface = lines
    .slice(0, table.start)
    .slice(-2)
    .map((line) => maskText(line, vocabulary));
  const surely = areKeys(table.head, vocabulary);
  const isKey = (name: string): boolean => isKeyLike(name) && (surely || hasKeyWord(name, vocabulary));
  const head = table.head.map((name) => (isKey(name) ? name : maskValue(name)));
  const row = columns(table.rows);
  const bars = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return sampleText([...preface, bars(head), ...(row.length > 0 ? [bars(row)] : [])], table.rows.length > 1);
}

/** The kind of value of each column, told from the first rows. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const [first = [], ...rest] = rows.slice(0, 20);
  return first.map((cell, at) =>
    rest.reduce((merged, row) => mergeValues(merged, maskValue(row[at] ?? "")), maskValue(cell)),
  );
}

function pairSample(lines: readonly string[], vocabulary: FormatVocabulary, more: boolean): string {
  const keys = new Set(lines.flatMap((line) => splitPair(line)?.key ?? []));
  const surely = areKeys([...keys], vocabulary);
  const seen = new Map<string, string>();
  for (const line of lines) {
    if (/^\s*[-=]{3,}$/u.test(line)) continue;
    const [, indent = "", item = "", rest = ""] = /^(\s{0,8})\s*((?:- )?)(.*)$/u.exec(line) ?? [];
    const start = `${indent.replace(/\t/gu, "  ")}${item}`;
    const pair = splitPair(rest);
    const name = pair ? `${start}${maskKey(pair.key, surely, vocabulary)}${pair.separator}` : start;
    const masked = pair ? `${name}${maskValue(pair.value)}`.trimEnd() : `${name}${maskText(rest, undefined)}`;
    const known = seen.get(name);
    seen.set(name, known === undefined ? masked : mergeLines(known, masked));
  }
  return sampleText([...seen.values()], more || seen.size < lines.length);
}

/** A key stays if it reads like one, and has a word that keys are made of or stands among such keys. */
function maskKey(key: string, among: boolean, vocabulary: FormatVocabulary): string {
  return isKeyLike(key) && (among || hasKeyWord(key, vocabulary)) ? key : "<word>";
}

/** A line of prose; what follows `Key:` is a value, also in `Key: value, Key: value`. */
function proseSample(line: string, vocabulary: FormatVocabulary): string {
  const pair = splitPair(line);
  if (!pair) return maskText(line, vocabulary);
  const pairs = line.split(/, (?=\p{L}[\p{L} ]{0,20}: )/u);
  if (pairs.length > 1) return pairs.map((part) => proseSample(part, vocabulary)).join(", ");
  const key = maskText(pair.key, vocabulary);
  const kept = key.includes("<") ? maskKey(pair.key, false, vocabulary) : key;
  return `${kept}${pair.separator}${maskValue(pair.value)}`.trimEnd();
}

/** One line for each tag or mark, whatever stands beside it. */
function listSample(lines: readonly string[], vocabulary: FormatVocabulary): string {
  const entries = new Map<string, string>();
  for (const line of lines) {
    const entry = listEntry(line);
    const mark = entry === undefined ? "" : "tag" in entry ? maskTag(entry.tag, vocabulary) : entry.mark;
    const masked = `${mark} ${maskValue(entry?.text ?? line)}`.trim();
    const known = entries.get(mark);
    entries.set(mark, known === undefined ? masked : mergeLines(known, masked));
  }
  return sampleText([...entries.values()], lines.length > entries.size);
}

/** A tag stays if it is a word of formats or of the tool: others may be names. */
function maskTag(tag: string, vocabulary: FormatVocabulary): string {
  const word = tag.toLowerCase();
  return isKeyLike(tag) && (hasKeyWord(word, vocabulary) || isKnownWord(word, vocabulary))
    ? `[${tag}]`
    : "[<word>]";
}

/** The lines as one; a first line that differs from all others is a title. */
function lineSamples(lines: readonly string[], vocabulary: FormatVocabulary): string[] {
  const [title, ...others] = lines.slice(0, 40).map(maskValue);
  const body = mergeAll(others.length > 0 ? others : [title!]);
  return title === body ? [body] : [maskText(lines[0]!, vocabulary), body];
}
