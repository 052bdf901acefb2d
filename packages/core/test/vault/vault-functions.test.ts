import type { JsonValue } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import { parseJsonPath } from "../../src/vault/path/parse-json-path.ts";
import { selectValues } from "../../src/vault/path/select-values.ts";
import { openVault } from "./open-vault.ts";

const STORE = {
  books: [
    { title: "A", price: 8, tags: ["x", "y"], isbn: "1" },
    { title: "B b", price: 12 },
    { title: "C", price: 22, isbn: "2", author: { name: "Zoë", price: 1 } },
  ],
  "odd key": [true, null],
  max: 10,
};

describe("vault.select", () => {
  test.each<[string, JsonValue[]]>([
    ["$", [STORE]],
    ["$.books[*].title", ["A", "B b", "C"]],
    ["books[0].title", ["A"]],
    ["$['books'][-1]['title']", ["C"]],
    ['$["odd key"][0,1]', [true, null]],
    ["$.books[0:2].price", [8, 12]],
    ["$.books[::-1].price", [22, 12, 8]],
    ["$.books[-2:].price", [12, 22]],
    ["$.books[::0]", []],
    ["$..price", [8, 12, 22, 1]],
    ["$..author.name", ["Zoë"]],
    ["$.books[?@.price < 10].title", ["A"]],
    ["$.books[?(@.price < $.max || @.author)].title", ["A", "C"]],
    ["$.books[?@.isbn && !(@.price > 10)].title", ["A"]],
    ["$.books[?!@.isbn].title", ["B b"]],
    ["$.books[?@.tags[0] == 'x'].title", ["A"]],
    ["$.books[?@.author.name != null].title", ["A", "B b", "C"]],
    ["$.books[?length(@.title) > 1].title", ["B b"]],
    ["$.books[?search(@.title, '^[A-B]')].title", ["A", "B b"]],
    ["$.books[?match(@.title, 'B')].title", []],
    ["$.nothing[3].at.all", []],
    ["$.__proto__", []],
    ["$.books.length", []],
  ])("%s", async (path, expected) => {
    const { keep, call } = openVault();
    expect(await call("vault.select", await keep(STORE), path)).toEqual(expected);
  });

  test.each([
    "$.",
    "$[",
    "$[1",
    "$.a b",
    "$[?@.a ==]",
    "$[?count(@) > 1]",
    "$[?search(@.a, '(')]",
    "$['a",
    "$x[",
  ])("%s is refused with the place and an example", async (path) => {
    const { keep, call } = openVault();
    await expect(call("vault.select", await keep(STORE), path)).rejects.toMatchObject({
      code: "invalid_params",
      message: expect.stringMatching(/cannot be (read at character \d+|used)/) as string,
    });
  });

  test("keys that a filter counts, and texts that it searches, are places too", () => {
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`k${at}`, at]));
    const texts = Array.from({ length: 50 }, () => "x".repeat(100_000));
    const value = { wide, texts };
    const steps = (path: string): number => [...selectValues(value, parseJsonPath(path))].length;
    expect(() => [...selectValues(value, parseJsonPath("$.texts[?length($.wide) > 1]"), 10_000)]).toThrow(
      /over 10000 places/,
    );
    expect(steps("$.texts[?length($.wide) > 1]")).toBeGreaterThanOrEqual(50);
    expect(steps("$.texts[?search(@, 'y$')]")).toBeGreaterThanOrEqual(50);
  });

  test("with a pattern of many steps, a filter searches shorter texts", async () => {
    const { keep, call } = openVault();
    const handle = await keep(["a".repeat(100_000)]);
    expect(await call("vault.select", handle, "$[?search(@, 'a.*b')]")).toEqual([]);
    const complex = call("vault.select", handle, "$[?search(@, 'a[ab]{900}[cd]')]");
    await expect(complex).rejects.toMatchObject({ code: "output_limit" });
  });

  test("a path that multiplies ends", () => {
    const value = Array.from({ length: 20 }, () => [1, [2, [3]]]);
    const look = (path: string): unknown => [...selectValues(value, parseJsonPath(path), 10_000)];
    expect(() => look("$..[?$..[?$..*]]")).toThrow(/over 10000 places/);
    expect(look(`$${"..*".repeat(40)}`)).toEqual(expect.any(Array));
  });

  test("a text has no parts, and a result has room for what it is", async () => {
    const { keep, call } = openVault({ replyBytes: 1_000 });
    await expect(call("vault.select", await keep("text"), "$.a")).rejects.toMatchObject({
      code: "invalid_params",
    });
    const list = await keep(Array.from({ length: 500 }, (_, index) => index));
    await expect(call("vault.select", list, "$[*]")).rejects.toMatchObject({ code: "output_limit" });
    await expect(call("vault.open", list)).rejects.toMatchObject({
      code: "output_limit",
      message: expect.stringContaining("vault.slice(") as string,
    });
    expect(await call("vault.slice", list, -2)).toEqual([498, 499]);
  });
});

describe("vault.slice", () => {
  test.each<[JsonValue, JsonValue[], JsonValue]>([
    [[1, 2, 3], [1], [2, 3]],
    [
      [1, 2, 3],
      [0, 2],
      [1, 2],
    ],
    [[1, 2, 3], [-2, -1], [2]],
    [[1, 2, 3], [5, 9], []],
    ["abcdef", [1, 3], "bc"],
    ["abcdef", [-2, null], "ef"],
    ["abcdef", [4, 2], ""],
    ["a😀b", [0, 2], "a"],
    ["a😀b", [2, 4], "😀b"],
    ["a😀b", [-2], "😀b"],
  ])("of %j with %j is %j", async (value, args, expected) => {
    const { keep, call } = openVault();
    expect(await call("vault.slice", await keep(value), ...args)).toEqual(expected);
  });

  test("of an object says what to do", async () => {
    const { keep, call } = openVault();
    await expect(call("vault.slice", await keep(STORE), 0)).rejects.toMatchObject({
      code: "invalid_params",
      message: expect.stringContaining("vault.select") as string,
    });
    await expect(call("vault.slice", await keep([1]), "1")).rejects.toMatchObject({ code: "invalid_params" });
  });
});

describe("vault.grep", () => {
  const LOG = "start\r\nerror: disk\nok\nWarning: 3\nERROR: net\n";
  test.each<[JsonValue, JsonValue[], JsonValue[]]>([
    [LOG, ["error"], [{ line: 2, text: "error: disk" }]],
    [
      LOG,
      ["^(error|warning):", { ignoreCase: true, limit: 5 }],
      [2, 4, 5].map((line) => ({ line, text: LOG.split(/\r?\n/)[line - 1]! })),
    ],
    [
      LOG,
      ["/ERR|warn/i", { limit: 1 }],
      [{ line: 2, text: "error: disk" }, { partial: expect.any(String) as string }],
    ],
    [LOG, ["ok$", { context: 1 }], [{ line: 3, text: "ok", before: ["error: disk"], after: ["Warning: 3"] }]],
    [LOG, ["^error: net", { ignore_case: true }], [{ line: 5, text: "ERROR: net" }]],
    [LOG, ["start$"], [{ line: 1, text: "start" }]],
    [
      { a: ["no", { "b c": "x\nyes" }], n: 404, yes: { of: 1 } },
      ["yes|404"],
      [
        { path: '$.a[1]["b c"]', line: 2, text: "yes" },
        { path: "$.n", text: "404" },
        { path: "$.yes", text: "an object of 1 keys" },
      ],
    ],
  ])("of %j for %j", async (value, args, expected) => {
    const { keep, call } = openVault();
    expect(await call("vault.grep", await keep(value), ...args)).toEqual(expected);
  });

  test("a long line shows the part around the match, whole characters", async () => {
    const { keep, call } = openVault();
    const line = `${"😀".repeat(30_000)}needle${"😀".repeat(30_000)}`;
    const [match] = (await call("vault.grep", await keep(`x\n${line}`), "needle")) as [
      { line: number; text: string },
    ];
    expect(match.line).toBe(2);
    expect(match.text).toContain("needle");
    expect(match.text.length).toBeLessThan(310);
    expect(match.text.isWellFormed()).toBe(true);
  });

  test("what is said of the ends of a line holds for lines that are looked at in parts", async () => {
    const { keep, call } = openVault();
    const line = `a${"x".repeat(131_071)}b${"y".repeat(200_000)}z`;
    const places = async (pattern: string): Promise<number> =>
      ((await call("vault.grep", await keep(line), pattern)) as unknown[]).length;
    expect(
      await Promise.all(["^a", "z$", "x+b", "^x", "^y", "x$", "y$", "\\bb", "\\Bb"].map(places)),
    ).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 1]);
  });

  test("what would take others exponential time is done at once, and what RE2 has not is said", async () => {
    const { keep, call } = openVault();
    const handle = await keep(`${"a".repeat(50_000)}!`);
    expect(await call("vault.grep", handle, "^(a+)+$")).toEqual([]);
    for (const pattern of ["(?=a)", "(a)\\1", "[", "x".repeat(2_000)]) {
      await expect(call("vault.grep", handle, pattern)).rejects.toMatchObject({ code: "invalid_params" });
    }
    await expect(call("vault.grep", handle, "a", { limt: 3 })).rejects.toMatchObject({
      code: "invalid_params",
    });
  });
});

test("matches under a very long key are bounded together", async () => {
  const { keep, call } = openVault();
  const handle = await keep({ ["k".repeat(1_000_000)]: Array.from({ length: 200 }, () => "x") });
  const matches = (await call("vault.grep", handle, "^x", { limit: 10_000 })) as JsonValue[];
  expect(matches).toHaveLength(17);
  expect(matches.at(-1)).toEqual({ partial: expect.stringContaining("only the first 16 matches") });
});

test("handles that were never given, are another's or have expired are not told apart", async () => {
  const { vault, call } = openVault();
  const foreign = await vault.put("b", { kind: "text", text: "x" });
  const words = async (handle: string): Promise<string> =>
    await call("vault.open", handle).then(
      () => "opened",
      (error: Error) => error.message.replace(handle, ""),
    );
  expect(await words(foreign)).toBe(await words("h_unknown"));
  expect(await words(foreign)).toContain("call the tool again");
});

test("what a handle gives back is of its servers", async () => {
  const { keep, call, context } = openVault();
  await call("vault.grep", await keep("x", "mail", "web"), "x");
  expect([...context.sources]).toEqual(["mail", "web"]);
});
