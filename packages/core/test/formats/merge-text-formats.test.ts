import { expect, test } from "vitest";
import { textFormat } from "../../src/formats/find-text-format.ts";
import { mergeTextFormats } from "../../src/formats/merge-text-formats.ts";
import type { TextFormat } from "../../src/formats/text-format.ts";

const format = (text: string): TextFormat => textFormat(text, new Set());
const merged = (...texts: string[]): TextFormat => texts.map(format).reduce(mergeTextFormats);

test.each<[TextFormat, string[]]>([
  [{ kind: "text", sample: "No matches found" }, ["No matches found", "No matches found"]],
  [{ kind: "text", sample: "<text> found" }, ["No matches found", "Error found"]],
  [{ kind: "keyValue", sample: "size: <number>\n…" }, ["size: 1\nname: x", "size: 2\nowner: y"]],
  [{ kind: "keyValue", sample: "size: <number>\nname: <text>" }, ["size: 1\nname: x", "size: 2\nname: 7"]],
  [
    { kind: "list", sample: "[FILE] <text>\n…\n[DIR] <word>".replace("\n…", "") + "\n…" },
    ["[FILE] a.txt\n[FILE] b", "[DIR] c"],
  ],
  [{ kind: "csv", sample: "id,name\n<number>,<word>\n…" }, ["id,name\n1,x", "id,name\n2,y\n3,z"]],
  [{ kind: "lines", sample: "<path>\n…" }, ["/a/b\n/c", "/d/e\n/f\n/g"]],
  // An empty text says nothing; another kind makes it text.
  [{ kind: "lines", sample: "<path>\n…" }, ["", "/d/e\n/f\n/g"]],
  [{ kind: "text", sample: "<text>\n…" }, ["/d/e\n/f\n/g", "No matches found"]],
])("%j", (expected, texts) => {
  expect(merged(...texts)).toEqual(expected);
  expect(merged(...texts, texts.at(-1)!)).toEqual(expected);
});

test("a word that another text has not is gone", () => {
  expect(merged("name: x\nid: 1\naddress: z", "name: y\nid: 3").sample).not.toContain("address");
  expect(merged("id,name\n1,x", "id,price\n1,x").sample).not.toMatch(/name|price/u);
});
