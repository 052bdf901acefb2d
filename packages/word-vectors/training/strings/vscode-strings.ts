// Pairs of texts from a language pack of VS Code as @codingame publishes it. Usage: vscode-strings.ts OUT.tsv MONACO_VSCODE_API LANGUAGE_PACK
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { listFiles } from "../list-files.ts";
import { permissivePackage } from "../permissive-package.ts";
import { pairTexts, writePairs } from "./write-strings.ts";

/** A call with the number of a text and the English. */
const CALLS = /localize2?\(\s*(?<number>\d+)\s*,\s*(?<quote>['"`])(?<text>(?:[^\\]|\\.)*?)\k<quote>/g;

const [out, api, pack] = process.argv.slice(2);
if (out === undefined || api === undefined || pack === undefined) {
  throw new Error("Usage: vscode-strings.ts OUT.tsv MONACO_VSCODE_API LANGUAGE_PACK");
}
permissivePackage(api);
permissivePackage(pack);
const english: Record<string, string> = {};
for (const file of listFiles(api, ".js")) {
  for (const { groups } of readFileSync(file, "utf8").matchAll(CALLS)) {
    english[groups!["number"]!] = groups!["text"]!.replaceAll(/\\[ntr]/g, " ").replaceAll(/\\(.)/g, "$1");
  }
}
const main = (await import(pathToFileURL(resolve(pack, "translations/main.i18n.json.js")).href)) as {
  default: unknown;
};
const bundles = listFiles(join(pack, "translations/extensions"), ".json").flatMap((file) => {
  const { contents } = JSON.parse(readFileSync(file, "utf8")) as {
    contents?: { bundle?: Record<string, string> };
  };
  return Object.entries(contents?.bundle ?? {});
});
writePairs(out, [
  ...pairTexts(english, main.default),
  // A key is the English text, with a translator's note behind a slash.
  ...bundles.flatMap(([key, other]) => pairTexts(key.split("/")[0], other)),
]);
