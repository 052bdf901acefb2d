// Pairs of texts from two of Chromium's locale files (.pak, version 5). Usage: pak-strings.ts OUT.tsv ENGLISH.pak OTHER.pak
import { readFileSync } from "node:fs";
import { pairTexts, writePairs } from "./write-strings.ts";

const HEADER = 12;
const ENTRY = 6;

const [out, english, other] = process.argv.slice(2);
if (out === undefined || english === undefined || other === undefined) {
  throw new Error("Usage: pak-strings.ts OUT.tsv ENGLISH.pak OTHER.pak");
}
writePairs(out, pairTexts(resources(english), resources(other)));

/** Texts by the number of their resource: the header has the count at byte 8, each entry a number and an offset. */
function resources(file: string): Record<string, string> {
  const bytes = readFileSync(file);
  if (bytes.readUInt32LE(0) !== 5) throw new Error(`${file} is not of version 5`);
  return Object.fromEntries(
    Array.from({ length: bytes.readUInt16LE(8) }, (_, index) => {
      const at = HEADER + ENTRY * index;
      const text = bytes.toString("utf8", bytes.readUInt32LE(at + 2), bytes.readUInt32LE(at + 2 + ENTRY));
      return [String(bytes.readUInt16LE(at)), text];
    }),
  );
}
