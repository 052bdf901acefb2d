// Turns files of names and texts into numbered words and pairs of texts that belong together, for train.py. See README.md.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readColumns } from "./read-columns.ts";
import { createTextStore, type Span } from "./text-store.ts";

const { values } = parseArgs({
  options: {
    text: { type: "string", multiple: true, default: [] },
    out: { type: "string" },
    words: { type: "string", default: "40000" },
    without: { type: "string", default: "mcp" },
  },
});
if (values.out === undefined || values.text.length === 0) {
  throw new Error("Usage: prepare-text.ts --out FOLDER --text FILE:NAME_COLUMN:TEXT_COLUMN ...");
}

const LONGEST_NAME = 16;
const LONGEST_SENTENCE = 40;
const LONGEST_TEXT = 120;
const store = createTextStore();
const texts: number[] = [];
/** Two spans each, and the kind, by which batches are made. */
const pairs: number[] = [];
const without = new RegExp(values.without, "i");

for (const [number, input] of values.text.entries()) {
  const [file, nameColumn, textColumn] = input.split(":");
  const seen = new Set<string>();
  for await (const [name, text] of readColumns(file!, nameColumn!, textColumn!)) {
    if (text.trim() === "" || seen.has(text) || without.test(name) || without.test(text)) continue;
    seen.add(text);
    addEntry(name, text, number);
  }
  process.stderr.write(
    `${file}: ${seen.size} texts; ${store.size()} words and ${pairs.length / 5} pairs so far\n`,
  );
}

function addEntry(nameText: string, text: string, source: number): void {
  const name = store.add(nameText, LONGEST_NAME);
  const first = firstSentence(text);
  const head = store.add(first, LONGEST_SENTENCE);
  const rest = store.add(text.slice(first.length), LONGEST_TEXT);
  if (head[0] === rest[1]) return;
  texts.push(name[0], rest[1]);
  const whole: Span = [head[0], rest[1]];
  if (length(name) > 0 && length(whole) >= 2) pairs.push(...name, ...short(whole), source * 2);
  if (length(head) >= 3 && length(rest) >= 3) pairs.push(...head, ...short(rest), source * 2 + 1);
  else if (length(whole) >= 6) {
    const middle = whole[0] + Math.floor(length(whole) / 2);
    pairs.push(whole[0], middle, middle, whole[1], source * 2 + 1);
  }
}

function firstSentence(text: string): string {
  return /^.*?[.!?;:](?=\s)/s.exec(text)?.[0] ?? text;
}

function length([from, to]: Span): number {
  return to - from;
}

function short([from, to]: Span): Span {
  return [from, Math.min(to, from + LONGEST_SENTENCE)];
}

const { words, numbers } = store.finish(Number(values.words));
const write = (file: string, data: string | NodeJS.ArrayBufferView): void =>
  writeFileSync(join(values.out!, file), data);
mkdirSync(values.out, { recursive: true });
write("words.tsv", words.map(([stem, count]) => `${stem}\t${count}\n`).join(""));
write("numbers.i32", numbers);
write("texts.u32", Uint32Array.from(texts));
write("pairs.u32", Uint32Array.from(pairs));
