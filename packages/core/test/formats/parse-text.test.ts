import type { JsonValue } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textFormat } from "../../src/formats/find-text-format.ts";
import { LONGEST_PARSED, parseText } from "../../src/formats/parse-text.ts";
import { PARSED_KINDS, type ParsedKind } from "../../src/formats/text-format.ts";

describe("a text whose kind is found", () => {
  test.each<[ParsedKind, string, JsonValue]>([
    ["json", 'Found 2 rows:\n\n[{"a": "]"}, {"a": 2}]\n\nThat is all.', [{ a: "]" }, { a: 2 }]],
    ["json", 'Here it is:\n```json\n{\n  "a": 1\n}\n```', { a: 1 }],
    ["json", '[INFO] ready\nResult: {"a": {"b": "\\"}"}}', { a: { b: '"}' } }],
    ["jsonl", '{"a": 1}\n\n{"a": 2}\n', [{ a: 1 }, { a: 2 }]],
    [
      "csv",
      '\uFEFFid,name,price\r\n1,"Foo, ""big""",2.50\r\n2,Bar,3.25\r\n',
      [
        { id: 1, name: 'Foo, "big"', price: 2.5 },
        { id: 2, name: "Bar", price: 3.25 },
      ],
    ],
    [
      "csv",
      "id;done;note\n1;true;\n2;false;x",
      [
        { id: 1, done: true, note: "" },
        { id: 2, done: false, note: "x" },
      ],
    ],
    [
      "csv",
      "id\tvalue\n1\t\n2\t5",
      [
        { id: 1, value: null },
        { id: 2, value: 5 },
      ],
    ],
    [
      "csv",
      "id, name\n1, a b\n2, c",
      [
        { id: 1, name: "a b" },
        { id: 2, name: "c" },
      ],
    ],
    [
      "csv",
      "1,2,3\n4,5,6\n7,8,9",
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
    ],
    [
      "keyValue",
      "size: 4096\nisFile: true\ntime: 12:30:00\nmode: 0644",
      { size: 4096, isFile: true, time: "12:30:00", mode: "0644" },
    ],
    ["keyValue", "URL=https://a.example/x=y\nEMPTY=", { URL: "https://a.example/x=y", EMPTY: "" }],
    [
      "keyValue",
      "name: a\nage: 5\n\nname: b\nage: 6",
      [
        { name: "a", age: 5 },
        { name: "b", age: 6 },
      ],
    ],
    [
      "keyValue",
      "name: a\nage: 5\nname: b\nage: x",
      [
        { name: "a", age: "5" },
        { name: "b", age: "x" },
      ],
    ],
    [
      "keyValue",
      "title: a\ntag: x\ntag: y\nnote: one\n  two",
      { title: "a", tag: ["x", "y"], note: "one\ntwo" },
    ],
    ["keyValue", "title: a\n\nbody: b", { title: "a", body: "b" }],
    [
      "markdownTable",
      "Rows:\n\n| id | name |\n|:--|--:|\n| 1 | a \\| b |\n| 2 |  |\n\nend",
      [
        { id: 1, name: "a | b" },
        { id: 2, name: "" },
      ],
    ],
    [
      "yaml",
      "- name: foo\n  ports: [80, 443]\n  version: 1.10\n  zip: 01234",
      [{ name: "foo", ports: [80, 443], version: "1.10", zip: "01234" }],
    ],
    ["list", "- one thing\n* another", ["one thing", "another"]],
    [
      "list",
      "[DIR] a b\n[FILE] c.txt 3 KB\n[FILE] d.txt",
      [
        { type: "DIR", name: "a b" },
        { type: "FILE", name: "c.txt 3 KB" },
        { type: "FILE", name: "d.txt" },
      ],
    ],
    [
      "list",
      "[FILE] c.txt      3.10 KB\n[FILE] long name.txt 11 B\n[DIR] e\n\nTotal: 2 files",
      [
        { type: "FILE", name: "c.txt", size: "3.10 KB" },
        { type: "FILE", name: "long name.txt", size: "11 B" },
        { type: "DIR", name: "e" },
        { text: "Total: 2 files" },
      ],
    ],
    ["lines", "/a/b c\n/d\n", ["/a/b c", "/d"]],
  ])("%s: %j", (kind, text, value) => {
    expect(textFormat(text, new Set()).kind).toBe(kind);
    expect(parseText(kind, text)).toEqual(value);
  });
});

test.each<[string, string[], JsonValue[]]>([
  ["numbers", ["1", "-2", "3.5"], [1, -2, 3.5]],
  ["amounts", ["29.90", "29.95"], [29.9, 29.95]],
  ["versions", ["1.9", "1.10"], ["1.9", "1.10"]],
  ["a version alone", ["1.10"], ["1.10"]],
  ["leading zeros", ["01234", "56789"], ["01234", "56789"]],
  ["long numbers", ["12345678901234567", "1"], ["12345678901234567", "1"]],
  ["a mix", ["1", "x"], ["1", "x"]],
  [
    "other notations",
    ["1e5", "0x10", "1,5", "+1", "Infinity", "-0"],
    ["1e5", "0x10", "1,5", "+1", "Infinity", "-0"],
  ],
])("a column of %s", (_name, cells, values) => {
  const text = ["id\tcell", ...cells.map((cell, at) => `${at}\t${cell}`)].join("\n");
  expect((parseText("csv", text) as { cell: JsonValue }[]).map(({ cell }) => cell)).toEqual(values);
});

test.each<[ParsedKind, string, number | undefined]>([
  ["json", '{\n"a": 1,\n"b": oops\n}', 3],
  ["json", "no JSON here", undefined],
  ["json", 'cut off:\n[{"a": 1},\n{"b": 2}', undefined],
  ["json", '{"a": 1}\nand\n{"b": 2}', 3],
  ["jsonl", '{"a": 1}\n{"a": 2', 2],
  ["csv", "id,name\n1,a\n2,b,c", 3],
  ["csv", 'id,name\n1,"a\n2,b', 2],
  ["keyValue", "size: 1\nprose without a key", 2],
  ["markdownTable", "a | b\n1 | 2", undefined],
  ["markdownTable", "| a |\n|---|\n| 1 |\n| 2 | 3 |", 4],
  ["markdownTable", "| a |\n|---|\n| 1 |\n\n| b |\n|---|\n| 1 |", 5],
  ["yaml", "a:\n  - b\n c: d", 3],
])("%s: %j fails with its line", (kind, text, line) => {
  let thrown: unknown;
  try {
    parseText(kind, text);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({
    code: "invalid_params",
    data: line === undefined ? { kind } : { kind, line },
  });
});

test("any text gives a value that JSON can carry, or a typed error", () => {
  const line = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom(
      "__proto__: 1",
      "a,b",
      "|-|-|",
      "- a: &x [1]",
      "  - *x",
      '{"a":',
      "[X] y",
      '"',
      "```",
      "constructor=2",
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...PARSED_KINDS), fc.array(line, { maxLength: 8 }), (kind, lines) => {
      try {
        const value = parseText(kind, lines.join("\n"));
        expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid_params" });
      }
    }),
    { numRuns: 400 },
  );
});

test("objects of random cells come back", () => {
  const cell = fc.stringMatching(/^[a-z ,;"|]{0,8}x$/u);
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), (rows) => {
      const quoted = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(","));
      const value = parseText("csv", ["id,name", ...quoted].join("\n"));
      expect(value).toEqual(rows.map(([id, name]) => ({ id, name })));
    }),
    { numRuns: 100 },
  );
});

describe("hostile texts", () => {
  test.each<[ParsedKind, string]>([
    ["json", '{"__proto__": {"polluted": true}}'],
    ["csv", "__proto__,b\npolluted,1"],
    ["keyValue", "__proto__: polluted\nb: 1"],
    ["markdownTable", "| __proto__ |\n|---|\n| polluted |"],
    ["yaml", "__proto__:\n  polluted: true"],
  ])("%s: a key called __proto__ is a key", (kind, text) => {
    const value = parseText(kind, text) as object | object[];
    const object = Array.isArray(value) ? (value[0] as object) : value;
    expect(Object.keys(object)).toContain("__proto__");
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect({}).not.toHaveProperty("polluted");
  });

  test.each<[string, ParsedKind, string, string]>([
    [
      "a laughing billion",
      "yaml",
      `a: &a [x]\n${"bcdefghij".replace(/./gu, (c) => `${c}: &${c} [${`*${String.fromCodePoint(c.codePointAt(0)! - 1)},`.repeat(9)}]\n`)}`,
      "invalid_params",
    ],
    ["deep nesting in YAML", "yaml", "[".repeat(2_000), "invalid_params"],
    ["deep nesting in JSON", "json", `x\n${"[".repeat(200_000)}`, "invalid_params"],
    ["a long YAML", "yaml", "a: 1\n".repeat(300_000), "invalid_params"],
    ["too long", "lines", "x".repeat(LONGEST_PARSED + 1), "invalid_params"],
    [
      "a long head with many rows",
      "csv",
      `${`${"k".repeat(200_000)},`.repeat(4)}b\n${",,,,1\n".repeat(200)}`,
      "output_limit",
    ],
    ["thousands of columns", "csv", `${",".repeat(5_000)}\n`, "invalid_params"],
    ["many broken beginnings", "json", '{"a": oops}\n'.repeat(100_000), "invalid_params"],
  ])("%s is bounded", (_name, kind, text, code) => {
    expect(() => parseText(kind, text, { header: true })).toThrow(expect.objectContaining({ code }));
  });

  test.each<[ParsedKind, string]>([
    ["keyValue", `a: ${" ".repeat(200_000)}x`],
    ["list", `[FILE] ${"1 ".repeat(100_000)}`],
    ["list", `- ${" ".repeat(200_000)}x`],
    ["list", `[FILE] a${" ".repeat(200_000)}x`],
    ["lines", `${" ".repeat(200_000)}x\n${"\n".repeat(200_000)}`],
    ["markdownTable", `| a |\n|---|\n| ${"\\|".repeat(100_000)} |`],
    ["json", `x: {"a": "${"\\\\".repeat(100_000)}"}`],
  ])("%s: a long line takes linear time", (kind, text) => {
    parseText(kind, text);
  });
});
