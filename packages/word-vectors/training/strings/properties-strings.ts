// Pairs of texts from Java properties files. Usage: properties-strings.ts OUT.tsv FOLDER LANGUAGE
import { existsSync, readFileSync } from "node:fs";
import { listFiles } from "../list-files.ts";
import { permissivePackage } from "../permissive-package.ts";
import { pairTexts, writePairs } from "./write-strings.ts";

const [out, folder, language] = process.argv.slice(2);
if (out === undefined || folder === undefined || language === undefined) {
  throw new Error("Usage: properties-strings.ts OUT.tsv FOLDER LANGUAGE");
}
permissivePackage(folder);
const bundles = listFiles(folder, "messagebundle.properties").map(
  (file) => [file, file.replace(".properties", `_${language}.properties`)] as const,
);
writePairs(
  out,
  bundles.flatMap(([english, other]) =>
    existsSync(other) ? pairTexts(properties(english), properties(other)) : [],
  ),
);

function properties(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8").matchAll(/^(?<key>[A-Z][\w.-]*)\s*=(?<text>.*)$/gm);
  return Object.fromEntries(
    Array.from(lines, ({ groups }) => [
      groups!["key"]!,
      groups!["text"]!.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
    ]),
  );
}
