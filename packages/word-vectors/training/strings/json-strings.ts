// Pairs of texts from two JSON files, or modules, of the same keys, in an npm package. Usage: json-strings.ts OUT.tsv ENGLISH OTHER
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { permissivePackage } from "../permissive-package.ts";
import { pairTexts, writePairs } from "./write-strings.ts";

const [out, english, other] = process.argv.slice(2);
if (out === undefined || english === undefined || other === undefined) {
  throw new Error("Usage: json-strings.ts OUT.tsv ENGLISH OTHER");
}
permissivePackage(english);
permissivePackage(other);
writePairs(out, pairTexts(await load(english), await load(other)));

async function load(file: string): Promise<unknown> {
  const options = file.endsWith(".json") ? { with: { type: "json" } } : {};
  const module = (await import(pathToFileURL(resolve(file)).href, options)) as { default?: unknown };
  return module.default ?? module;
}
