// Doc comments of npm packages' TypeScript declarations as names and texts; of packages under a permissive licence alone.
// Usage: doc-comments.ts OUT.tsv PACKAGE_FOLDER...
import { readFileSync, writeFileSync } from "node:fs";
import { listFiles } from "./list-files.ts";
import { permissivePackage } from "./permissive-package.ts";

/** A comment with the name that follows it, or the name of a class, interface or namespace. */
const DECLARATIONS =
  /\/\*\*(?<comment>(?:(?!\*\/)[\s\S]){12,6000})\*\/\s*(?:(?:export|declare|readonly|static|abstract|public|async|default|type|const|function|(?<opens>class|interface|namespace)|enum|get|set|protected|new|let|var)\s+)*["']?(?<name>[A-Za-z_$][\w$]*)|(?:class|interface|namespace)\s+(?<scope>[A-Za-z_$][\w$]*)/g;
const LONGEST = 600;
const FEWEST_WORDS = 4;

const [out, ...folders] = process.argv.slice(2);
if (out === undefined || folders.length === 0)
  throw new Error("Usage: doc-comments.ts OUT.tsv PACKAGE_FOLDER...");
const lines = new Set<string>();
for (const folder of folders) {
  const before = lines.size;
  try {
    const { name, version, license } = permissivePackage(folder);
    for (const file of listFiles(folder, ".d.ts")) readComments(file);
    process.stderr.write(`${name} ${version}, ${license}: ${lines.size - before} comments\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
  }
}
writeFileSync(out, `name\ttext\n${[...lines].join("\n")}\n`);

function readComments(file: string): void {
  let scope = "";
  for (const { groups = {} } of readFileSync(file, "utf8").matchAll(DECLARATIONS)) {
    if (groups["scope"] !== undefined) scope = groups["scope"];
    if (groups["name"] === undefined) continue;
    if (groups["opens"] !== undefined) scope = groups["name"];
    const text = plainText(groups["comment"]!);
    if (text.split(" ").length < FEWEST_WORDS) continue;
    const name = scope === groups["name"] ? scope : `${scope} ${groups["name"]}`;
    lines.add(`${name.replaceAll(/\b(?:Params|Schema|Resource)\$/g, "")}\t${text}`);
  }
}

/** The comment's description, without its tags, code, links and markup. */
function plainText(comment: string): string {
  const description = comment
    .replaceAll(/^\s*\*? ?/gm, "\n")
    .replaceAll(/<\/?[a-zA-Z][^>]*>/g, " ")
    .split(/\n\s*@(?!desc|remarks|summary)\w+|\n```/)[0]!;
  return description
    .replaceAll(/\{@link\s+(?:[^}|\s]*[|\s])?([^}]*)\}/g, "$1")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/https?:\S+|@\w+/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, LONGEST);
}
