import fc from "fast-check";
import { expect, test } from "vitest";
import { textFormat } from "../../src/formats/find-text-format.ts";
import { formatVocabulary } from "../../src/formats/format-vocabulary.ts";
import { mergeTextFormats } from "../../src/formats/merge-text-formats.ts";

const VOCABULARY = formatVocabulary({
  name: "read_things",
  description: "Reads the things of a folder and says their size, owner and age",
  inputSchema: { type: "object", properties: { folder: { type: "string" } } },
});

/** Texts with places for values: what stands at `◇` is a value. */
const TEXTS = [
  "size: ◇\nowner: ◇\ncreated: ◇",
  "size=◇\nowner=◇",
  "**Status**: ◇\n**Title:** ◇",
  "id,name,token\n1,◇,◇\n2,◇,◇",
  "◇,◇,◇\n◇,◇,◇\n◇,◇,◇",
  "◇\t◇\n◇\t◇",
  "| id | name |\n|---|---|\n| ◇ | ◇ |",
  "[FILE] ◇\n[DIR] ◇",
  "[FILE] ◇   3.20 KB",
  "- ◇\n- ◇ ◇",
  "1. ◇\n2. ◇",
  "/srv/◇/a.txt\n/srv/◇\n◇/b",
  "◇\n◇\n◇",
  "Read the ◇ of ◇ in ◇ seconds.",
  "Error: ◇",
  "Error: cannot read '◇' (◇) at https://example.org/◇?q=◇",
  'Result: {"token": "◇"}',
  '{"token": "◇"}\n{"token": "◇"}',
  "- name: ◇\n  size: ◇\n- name: ◇\n  size: ◇",
  "2026-01-02 03:04:05 INFO ◇: ◇ by ◇@example.org",
  "Found 2 things:\n\n◇ (◇)\n◇ [◇]",
  '```\n◇\n```\n`◇` "◇" <◇>',
  "Name: ◇, Size: ◇, Owner: ◇",
];

const letters = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength, maxLength });
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const secret = fc.oneof(
  letters(`${LOWER}${LOWER.toUpperCase()}0123456789`, 5, 40),
  letters(`${LOWER}${LOWER.toUpperCase()}0123456789+/_-.`, 5, 40),
  letters(`${LOWER}${LOWER.toUpperCase()}0123456789+/`, 5, 40).map((text) => `${text}==`),
  letters("0123456789abcdef", 8, 64),
  letters("0123456789", 5, 20),
  letters(LOWER, 5, 12),
  letters(LOWER.toUpperCase(), 5, 12),
  letters("äöüßéñ漢字かな한국अआब", 5, 12),
  fc.array(letters(LOWER, 4, 9), { minLength: 2, maxLength: 5 }).map((words) => words.join(" ")),
  fc.array(letters(LOWER, 4, 9), { minLength: 2, maxLength: 4 }).map((words) => words.join("-")),
  fc.uuid(),
  fc.emailAddress(),
  fc.webUrl(),
);

/** Four characters with a letter or digit that the text would not have without the secret. */
function survivors(sample: string, secret: string, text: string): string[] {
  const structure = text.replaceAll("◇", "") + PLACEHOLDERS;
  return Array.from({ length: Math.max(0, secret.length - 3) }, (_, at) => secret.slice(at, at + 4)).filter(
    (part) => /[\p{L}\p{N}]{2}/u.test(part) && sample.includes(part) && !structure.includes(part),
  );
}
const PLACEHOLDERS =
  "<number> <date> <time> <uuid> <path> <file> <url> <email> <hash> <quoted> <word> <text> <id> <boolean> <json> <binary>";

test("of a secret at the place of a value, no four characters stay", () => {
  fc.assert(
    fc.property(fc.constantFrom(...TEXTS), secret, (text, value) => {
      const { sample } = textFormat(text.replaceAll("◇", value), VOCABULARY);
      expect(survivors(sample, value, text)).toEqual([]);
      expect(sample.length).toBeLessThanOrEqual(120);
    }),
    { numRuns: 400 },
  );
});

test("neither in the sample of two texts that were merged", () => {
  fc.assert(
    fc.property(fc.constantFrom(...TEXTS), fc.constantFrom(...TEXTS), secret, secret, (a, b, one, two) => {
      const first = textFormat(a.replaceAll("◇", one), VOCABULARY);
      const second = textFormat(b.replaceAll("◇", two), VOCABULARY);
      const { sample } = mergeTextFormats(first, second);
      expect(survivors(sample, one, a + b)).toEqual([]);
      expect(survivors(sample, two, a + b)).toEqual([]);
      expect(sample.length).toBeLessThanOrEqual(120);
    }),
    { numRuns: 150 },
  );
});

test("any text has a format", () => {
  fc.assert(
    fc.property(letters("ab1 \n\r\t\"'`\\/<>:=,;.|-*[]{}()@#&\0\u2028é漢😀", 0, 400), (text) => {
      expect(textFormat(text, VOCABULARY).sample.length).toBeLessThanOrEqual(120);
    }),
    { numRuns: 100 },
  );
});
