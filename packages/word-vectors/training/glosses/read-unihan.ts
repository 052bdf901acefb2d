import { readFileSync } from "node:fs";
import type { EnglishForms } from "./text-pair.ts";

/** The first Han characters: later blocks are rare. */
const HAN = /^[\u4e00-\u9fff]$/;
/** Definitions that tell what a character is rather than what it means. */
const ABOUT = /variant|radical|surname|non-classical|used in|phonetic|particle|suffix|possessive|classifier/;
const WORDS_OF_A_DEFINITION = 2;

/** English stems by character, from the first two senses of `kDefinition` in Unihan_Readings.txt that are one or two words. */
export function readUnihan(file: string, forms: EnglishForms): Map<string, string[]> {
  const glosses = new Map<string, string[]>();
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [code, key, definition] = line.split("\t");
    if (key !== "kDefinition" || definition === undefined) continue;
    const character = String.fromCodePoint(Number.parseInt(code!.slice(2), 16));
    const senses = definition.replaceAll(/\([^)]*\)/g, " ").split(/[;,]/);
    if (!HAN.test(character) || ABOUT.test(senses[0]!)) continue;
    const words = senses
      .slice(0, 2)
      .map((sense) => forms.stems(sense))
      .filter((stems) => stems.length > 0 && stems.length <= WORDS_OF_A_DEFINITION)
      .map((stems) => stems.at(-1)!);
    if (words.length > 0) glosses.set(character, [...new Set(words)]);
  }
  return glosses;
}
