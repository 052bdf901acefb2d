import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNote } from "../../src/formats/format-note.ts";
import { PARSED_KINDS } from "../../src/formats/text-format.ts";

test("says the sample, the kind, and how to parse", () => {
  expect(formatNote({ kind: "keyValue", sample: "size: <number>\ncreated: <date>" })).toBe(
    String.raw`"size: <number>\ncreated: <date>" key-value: tools.parse(text)`,
  );
  expect(formatNote({ kind: "text", sample: "The sum of <number> and <number> is <number>." })).toBe(
    '"The sum of <number> and <number> is <number>."',
  );
  expect(formatNote({ kind: "yaml", sample: "a:\n  b: <word>" })).toBe(
    String.raw`"a:\n  b: <word>" YAML: tools.parse(text)`,
  );
  const long = { kind: "keyValue", sample: "size: <number>\ncreated: <date>\nmodified: <date>" } as const;
  expect(formatNote(long, 62)).toBe(String.raw`"size: <number>\ncreated:…" key-value: tools.parse(text)`);
  expect(formatNote(long, 54)).toBe('"size: <number>…" key-value: tools.parse(text)');
  expect(formatNote({ kind: "text", sample: "" })).toBe("");
});

const ODD = Array.from('ab1 */\n\r\t"\\<>\0\u2028\u202e漢😀');

test("is one short line that no comment is closed by", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("text" as const, ...PARSED_KINDS),
      fc.oneof(
        fc.string({ unit: fc.constantFrom(...ODD), maxLength: 120 }),
        fc.constant("*/ alert() /*\n\u2028*/"),
      ),
      (kind, sample) => {
        const note = formatNote({ kind, sample });
        expect(note).not.toMatch(/[\n\r\u2028\u2029]|\*\//u);
        expect(note.length).toBeLessThanOrEqual(110);
      },
    ),
    { numRuns: 100 },
  );
});

test("a text of which only its having words is known needs no note", () => {
  expect(formatNote({ kind: "text", sample: "### <text>\n- <word>: <word>…" })).toBe("");
  expect(formatNote({ kind: "text", sample: "<path>" })).toBe('"<path>"');
  expect(formatNote({ kind: "lines", sample: "<text>\n<text>" })).toBe(
    String.raw`"<text>\n<text>" lines: tools.parse(text)`,
  );
});
