import { stem } from "porter2";
import { STOP_WORDS } from "../search/stop-words.ts";

/** Stems of words that may stand in a sample because the tool's own definition uses them. */
export type FormatVocabulary = ReadonlySet<string>;

const stems = (words: string): string[] => words.split(" ").map(stem);

/** Words of reports about what was done. */
const REPORTS: ReadonlySet<string> = new Set(
  stems(
    "success successful successfully error errors failed failure warning created create updated deleted removed added wrote written " +
      "saved moved found matched match matches result results total showing none empty done ok items entries rows lines files " +
      "directories bytes started stopped running completed returned available invalid missing already exists unknown info debug warn fatal trace json yaml csv xml html diff sql",
  ),
);

/** Words that keys and heads of tables are made of. */
const KEYS: ReadonlySet<string> = new Set(
  stems(
    "id uuid guid age name first last full display user username owner author login email mail phone address street city country region zip " +
      "postcode company organization team group role type kind class category status state date time timestamp created modified accessed " +
      "updated changed deleted start end due duration year month week day hour minute second size length width height count total sum " +
      "average min max number amount price cost currency quantity qty rate score rank rating percent value key code hash sha commit " +
      "branch tag version file filename path directory folder dir extension url uri link host port ip domain server service method " +
      "title subject label description summary text body content message comment note level severity priority line column row index " +
      "table field parent child source target from to is has permission mode access enabled active default required language locale " +
      "format encoding mime product item order customer account balance stock sku model color colour latitude longitude lat lon " +
      "temperature humidity wind result error reason output input session process pid memory cpu project repository repo issue",
  ),
);

/** Units and other words that say how to read a number. */
const UNITS: ReadonlySet<string> = new Set(
  "B kB KB MB GB TB PB KiB MiB GiB TiB ms s sec secs min mins h hours days px AM PM".split(" "),
);

/** A word, or every part of a compound one, that may stand in any sample or in those of this tool. */
export function isKnownWord(word: string, vocabulary: FormatVocabulary): boolean {
  return partsOf(word).every(
    (part) =>
      STOP_WORDS.has(part) || REPORTS.has(stem(part)) || (part.length > 1 && vocabulary.has(stem(part))),
  );
}

/** Whether a word is a unit of measure. */
export function isUnit(word: string): boolean {
  return UNITS.has(word);
}

/** Whether a key or head has a word that keys are made of, or one of the tool's own. */
export function hasKeyWord(key: string, vocabulary: FormatVocabulary): boolean {
  return partsOf(key).some((part) => {
    const root = stem(part);
    return KEYS.has(root) || (part.length > 1 && vocabulary.has(root));
  });
}

/** The words of an identifier, in lower case. */
export function partsOf(identifier: string): string[] {
  return (identifier.slice(0, 80).match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{N}+/gu) ?? []).map(
    (part) => part.toLowerCase(),
  );
}
