import { expect, test } from "vitest";
import { textFormat } from "../../src/formats/find-text-format.ts";
import { formatVocabulary } from "../../src/formats/format-vocabulary.ts";
import type { TextKind } from "../../src/formats/text-format.ts";

const tool = (name: string, description: string) => formatVocabulary({ name, description, inputSchema: {} });
const NONE = tool("x", "");

test.each<[TextKind, string, string]>([
  // Directories, with and without sizes and totals.
  ["list", "[DIR] alpha\n[FILE] beta.txt\n[FILE] gamma.md", "[DIR] <word>\n[FILE] <file>\n…"],
  ["list", "[DIR] alpha", "[DIR] <word>"],
  ["list", "[ALICE] paid 3\n[ACME CORP] paid 5", "[<word>] <word> <number>\n…"],
  ["markdownTable", "| Alice | Bob |\n|---|---|\n| 3 | 4 |", "| <word> | <word> |\n| <number> | <number> |"],
  [
    "list",
    "[FILE] beta.txt                 2.50 KB\n[FILE] g.md                      11 B\n\nTotal: 2 files, 0 directories\nCombined size: 2.51 KB",
    "[FILE] <file>  <size>\n<text>\n…",
  ],
  ["list", "- one thing\n- another", "- <text>\n…"],
  ["list", "1. one\n2. two\n3. three", "1. <word>\n…"],
  // Facts of a file.
  [
    "keyValue",
    "size: 4096\ncreated: Mon Jan 05 2026 08:09:10 GMT+0100 (Central European Standard Time)\nisFile: true",
    "size: <number>\ncreated: <date>\nisFile: <boolean>",
  ],
  ["keyValue", "PATH=/opt/bin\nUSER=someone", "PATH=<path>\nUSER=<word>"],
  ["keyValue", "name: foo\nage: 5\n---\nname: bar\nage: 6", "name: <word>\nage: <number>\n…"],
  ["keyValue", "**Status**: open\n**Assigned to:** somebody", "Status: <word>\nAssigned to: <word>"],
  // A map from names to numbers has data for keys.
  ["keyValue", "alice: 5\nbob: 7\ncarol: 9", "<word>: <number>\n…"],
  // Paths, with a title or alone.
  ["lines", "/srv/a/b.txt\n/srv/c d.txt\n/srv/e.txt", "<path>\n…"],
  ["lines", "main\ndevelop\nnext", "<word>\n…"],
  // Tables.
  ["csv", "id,name,price\n1,Foo,2.50\n2,Bar,3.50", "id,name,price\n<number>,<word>,<number>\n…"],
  ["csv", "id;email\n7;a@example.org", "id;email\n<number>;<email>"],
  ["csv", "kuno\tmira\n1\t2\n3\t4", "<word>\t<word>\n<number>\t<number>\n…"],
  ["csv", "1,2,3\n4,5,6\n7,8,9", "<number>,<number>,<number>\n…"],
  [
    "markdownTable",
    "Found 2 rows:\n\n| id | full name |\n|---:|---|\n| 1 | Foo |\n| 2 | Bar Baz |",
    "Found <number> rows:\n| id | full name |\n| <number> | <text> |\n…",
  ],
  // JSON that did not come parsed.
  ["json", 'Found 2 items:\n```json\n[{"a": 1}]\n```', "Found <number> items:\n```json\n<json>"],
  ["json", 'Result: {"a": [1, 2]}', "Result:\n<json>"],
  ["jsonl", '{"a": 1}\n{"a": 2}', "<json>\n…"],
  [
    "yaml",
    "- name: foo\n  ports: [80, 443]\n- name: bar\n  ports: [22]",
    "- name: <word>\n  ports: [<text>]\n…",
  ],
  ["yaml", "page:\n  title: Foo\n  count: 3", "page:\n  title: <word>\n  count: <number>"],
  // Everything else.
  ["text", "No matches found", "No matches found"],
  ["text", "Successfully wrote to /srv/x/y.txt", "Successfully wrote to <path>"],
  ["text", "Error: the frobnicator exploded", "Error: <text>"],
  [
    "text",
    "Hello, dear world\nthis is prose, of two lines",
    "<word>, <text>\nthis is <word>, of <word> lines",
  ],
  ["text", "PID: 1, Name: init, Memory: 0.1", "PID: <number>, Name: <word>, Memory: <number>"],
  [
    "text",
    "2026-01-02 03:04:05 INFO api: started in 30ms\n2026-01-02 03:04:06 ERROR db: refused",
    "<date> INFO <word>: started in <number>ms\n<date> ERROR <word>: <word>",
  ],
  ["text", "", ""],
  ["text", "\0\u0001\u0002\u0003PNG\0\0\0", "<binary>"],
])("%s: %j", (kind, text, sample) => {
  expect(textFormat(text, NONE)).toEqual({ kind, sample });
});

test("words of the tool's own definition stand in its samples, in any form", () => {
  const sum = tool("get-sum", "Returns the sum of two numbers");
  expect(textFormat("The sum of 17 and 25 is 42.", sum).sample).toBe(
    "The sum of <number> and <number> is <number>.",
  );
  expect(textFormat("The sum of 17 and 25 is 42.", NONE).sample).toContain("<word>");
  const forget = tool("delete_entities", "Delete entities from the graph");
  expect(textFormat("Entity deleted", forget).sample).toBe("Entity deleted");
});

test("a value is masked even where its words are the tool's own", () => {
  const echo = tool("echo", "Echoes back the input message");
  expect(textFormat("Echo: message back", echo).sample).toBe("Echo: <text>");
});

test("keys that look like data do not stand", () => {
  const sample = (line: string) => textFormat(`id: 1\n${line}\nname: x`, NONE).sample;
  for (const key of [
    "k3y9x8",
    "Zxcvbnmqwr",
    "a-very-long-key-of-some-unlikely-length-indeed",
    "aBcDeFgHiJ",
  ]) {
    expect(sample(`${key}: 5`)).not.toContain(key);
  }
  expect(sample("line2: 5")).toContain("line2: <number>");
});

test.each([
  ["lines of a long text", "some words and 12 more\n".repeat(400_000)],
  ["one huge line", "x1 ".repeat(3_000_000)],
  ["one huge line without spaces", "=".repeat(9_000_000)],
  ["brackets", "[".repeat(9_000_000)],
  ["quotes", '"'.repeat(16_000)],
  ["bars", "|-".repeat(8_000)],
  ["addresses", "a@".repeat(8_000)],
  ["indentation", `a:\n${" ".repeat(16_000)}`],
])("looks at the head only: %s", (_name, text) => {
  expect(textFormat(text, NONE).sample.length).toBeLessThanOrEqual(120);
});
