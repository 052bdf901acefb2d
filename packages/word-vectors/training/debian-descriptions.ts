// Long descriptions of Debian's packages as names and texts. Usage: debian-descriptions.ts OUT.tsv TRANSLATION_EN
import { readFileSync, writeFileSync } from "node:fs";

const [out, file] = process.argv.slice(2);
if (out === undefined || file === undefined)
  throw new Error("Usage: debian-descriptions.ts OUT.tsv TRANSLATION_EN");
const PREFIX = /^(?:lib|python3?-|golang-|node-|ruby-|r-cran-|r-bioc-)(?:github-com-|golang-org-)?/;
const entries = new Map<string, string>();
for (const paragraph of readFileSync(file, "utf8").split("\n\n")) {
  const found = /^Package: (?<name>.*)\n(?:.*\n)*?Description-en: (?<short>.*)\n(?<long>[\s\S]*)$/.exec(
    paragraph,
  );
  if (found === null) continue;
  const { name, short, long } = found.groups!;
  const text = long!.replaceAll(/^ \./gm, ". ").replaceAll(/\s+/g, " ").trim();
  if (!entries.has(text)) entries.set(text, `${name!.replace(PREFIX, "")}, ${short}`);
}
const lines = [...entries].map(([text, name]) => `${name}\t${text}\n`);
writeFileSync(out, `name\ttext\n${lines.join("")}`);
