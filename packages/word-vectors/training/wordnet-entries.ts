// WordNet's synonym sets and their glosses as names and texts. Usage: wordnet-entries.ts OUT.tsv DICT_FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [out, folder] = process.argv.slice(2);
if (out === undefined || folder === undefined)
  throw new Error("Usage: wordnet-entries.ts OUT.tsv DICT_FOLDER");
const lines = ["noun", "verb", "adj", "adv"].flatMap((part) =>
  readFileSync(join(folder, `data.${part}`), "utf8")
    .split("\n")
    .filter((line) => !line.startsWith("  ") && line.includes(" | "))
    .map(entry),
);
writeFileSync(out, `name\ttext\n${lines.join("")}`);

/** A line has, after three fields, a hexadecimal count of words, and each word with a number; the gloss is behind the bar. */
function entry(line: string): string {
  const [fields, gloss] = line.split(" | ") as [string, string];
  const cells = fields.split(" ");
  const count = Number.parseInt(cells[3]!, 16);
  const words = Array.from({ length: count }, (_, at) => cells[4 + 2 * at]!);
  const names = words.map((word) => word.replaceAll("_", " ").replace(/\(.*\)/, ""));
  return `${names.join(", ")}\t${gloss.trim()}\n`;
}
