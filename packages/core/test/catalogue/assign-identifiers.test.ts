import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignIdentifiers, isIdentifier } from "../../src/catalogue/assign-identifiers.ts";
import { RESERVED_NAMESPACES, RESERVED_TOOLS } from "../../src/catalogue/reserved-names.ts";

const rules = { reserved: RESERVED_TOOLS, suffix: "Tool" };
const assign = (...names: string[]): Record<string, string> =>
  Object.fromEntries(assignIdentifiers(names, rules));

describe("identifiers", () => {
  test("legal names stay, others are camel-cased", () => {
    expect(assign("git_log", "get-sum", "API-post-page", "files.read", "list/all items")).toEqual({
      git_log: "git_log",
      "get-sum": "getSum",
      "API-post-page": "APIPostPage",
      "files.read": "filesRead",
      "list/all items": "listAllItems",
    });
  });

  test("names that start with a digit, are in another script, or have nothing to use", () => {
    expect(assign("3d-view", "搜索", "---", "résumé-get")).toEqual({
      "3d-view": "_3dView",
      搜索: "搜索",
      "---": "Tool",
      "résumé-get": "résuméGet",
    });
  });

  test("a legal name keeps its identifier, and names that collide with it are numbered", () => {
    expect(assign("get-sum", "get_sum", "getSum", "get.sum")).toEqual({
      getSum: "getSum",
      get_sum: "get_sum",
      "get-sum": "getSum2",
      "get.sum": "getSum3",
    });
  });

  test("names that every object has get a suffix", () => {
    const names = ["then", "toString", "__proto__", "delete"];
    expect(names.map((name) => assignIdentifiers(names, rules).get(name))).toEqual([
      "thenTool",
      "toStringTool",
      "__proto__Tool",
      "delete",
    ]);
  });

  test("namespaces are neither words of the language nor globals of a program", () => {
    const names = ["tools", "console", "delete", "URL", "Object", "git"];
    const namespaces = assignIdentifiers(names, { reserved: RESERVED_NAMESPACES, suffix: "Server" });
    expect([...namespaces]).toEqual(
      expect.arrayContaining([
        ["tools", "toolsServer"],
        ["git", "git"],
      ]),
    );
    for (const name of namespaces.values()) expect(RESERVED_NAMESPACES.has(name)).toBe(false);
  });

  test("the same set of names gives the same legal, unique identifiers in any order", () => {
    const name = fc.oneof(
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("a-b", "a_b", "aB", "a.b", "then", "a-b2", "aB2"),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 30 }), (names) => {
        const once = assignIdentifiers(names, rules);
        const again = assignIdentifiers(names.toReversed(), rules);
        expect(new Set(once.values()).size).toBe(names.length);
        for (const name of names) {
          const identifier = once.get(name)!;
          expect(isIdentifier(identifier)).toBe(true);
          expect(RESERVED_TOOLS.has(identifier)).toBe(false);
          expect(again.get(name)).toBe(identifier);
        }
      }),
    );
  });
});
