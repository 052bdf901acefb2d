// Pairs of texts from CLDR's JSON packages: names and keywords of emoji, names of languages and countries.
// Usage: cldr-strings.ts OUT.tsv CLDR_ANNOTATIONS_FULL CLDR_LOCALENAMES_FULL LANGUAGE
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { permissivePackage } from "../permissive-package.ts";
import { pairTexts, writePairs } from "./write-strings.ts";

const [out, annotations, names, language] = process.argv.slice(2);
if (out === undefined || annotations === undefined || names === undefined || language === undefined) {
  throw new Error("Usage: cldr-strings.ts OUT.tsv CLDR_ANNOTATIONS_FULL CLDR_LOCALENAMES_FULL LANGUAGE");
}
permissivePackage(annotations);
permissivePackage(names);
writePairs(out, [
  ...pairTexts(emoji("en"), emoji(language)),
  ...(existsSync(join(names, "main", language))
    ? readdirSync(join(names, "main/en")).flatMap((file) =>
        pairTexts(localeNames(file, "en"), localeNames(file, language)),
      )
    : []),
]);

type Annotations = Record<string, { readonly default?: readonly string[]; readonly tts?: readonly string[] }>;

/** The name and the keywords of each emoji, as two texts; a language that CLDR has none of has none. */
function emoji(language: string): Record<string, string> {
  const file = join(annotations!, "annotations", language, "annotations.json");
  if (!existsSync(file)) return {};
  const parsed = readJson(file) as { annotations: { annotations: Annotations } };
  return Object.fromEntries(
    Object.entries(parsed.annotations.annotations).flatMap(
      ([symbol, { default: keywords = [], tts = [] }]) => [
        [`${symbol} name`, tts.join(", ")],
        [`${symbol} keywords`, keywords.join(", ")],
      ],
    ),
  );
}

function localeNames(file: string, language: string): unknown {
  return (readJson(join(names!, "main", language, file)) as { main: Record<string, unknown> }).main[language];
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
