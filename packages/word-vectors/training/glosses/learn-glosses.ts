// Learns English words for words of other languages from pairs of texts that say the same. See ../README.md.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readColumns } from "../read-columns.ts";
import { learnLanguage } from "./learn-language.ts";
import { readUnihan } from "./read-unihan.ts";
import { createEnglishForms, textPair, type TextPair } from "./text-pair.ts";

const { values } = parseArgs({
  options: {
    language: { type: "string", multiple: true, default: [] },
    unihan: { type: "string" },
    out: { type: "string" },
  },
});
if (values.out === undefined || values.language.length === 0) {
  throw new Error("Usage: learn-glosses.ts --out FILE --language FOLDER ... [--unihan Unihan_Readings.txt]");
}

const forms = createEnglishForms();
const glosses = new Map<string, string[]>();
for (const folder of values.language) {
  const pairs: TextPair[] = [];
  for (const file of readdirSync(folder).sort()) {
    for await (const [english, other] of readColumns(join(folder, file), "english", "other")) {
      const pair = textPair(forms, english, other);
      if (pair !== undefined) pairs.push(pair);
    }
  }
  add(learnLanguage(pairs), `${folder}: ${pairs.length} pairs`);
}
if (values.unihan !== undefined) add(readUnihan(values.unihan, forms), values.unihan);
const lines = [...glosses].map(
  ([phrase, stems]) => `${phrase}\t${[...new Set(stems.map((stem) => forms.form(stem)))].join(" ")}\n`,
);
writeFileSync(values.out, lines.sort().join(""));

/** What an earlier language has said stays. */
function add(learned: ReadonlyMap<string, string[]>, source: string): void {
  const size = glosses.size;
  for (const [phrase, words] of learned) if (!glosses.has(phrase)) glosses.set(phrase, words);
  process.stderr.write(`${source}, ${learned.size} words, ${glosses.size - size} of them new\n`);
}
