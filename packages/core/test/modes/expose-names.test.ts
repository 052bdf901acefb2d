import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exposeNames } from "../../src/modes/expose-names.ts";
import { hasCorpus, readCorpus } from "../read-corpus.ts";

const named = (...tools: [server: string, name: string][]): string[] => [
  ...exposeNames(tools.map(([server, name]) => ({ server, name }))).values(),
];

describe("names in a list of many servers' tools", () => {
  test("are server__tool, with _ for what clients do not take", () => {
    expect(named(["git", "git_log"], ["git", "get-sum"], ["google calendar", "events.list"])).toEqual([
      "git__git_log",
      "git__get-sum",
      "google_calendar__events_list",
    ]);
  });

  test("that several tools would have are hashed for each of them, so that none takes another's", () => {
    const [dotted, plain, other] = named(["s", "a.b"], ["s", "a_b"], ["s", "c"]);
    expect(dotted).toMatch(/^s__a_b_[0-9a-f]{8}$/);
    expect(plain).toMatch(/^s__a_b_[0-9a-f]{8}$/);
    expect(dotted).not.toBe(plain);
    expect(other).toBe("s__c");
    expect(new Set(named(["a", "b__c"], ["a__b", "c"])).size).toBe(2);
  });

  test("that are too long are cut and hashed, and differ where only their ends do", () => {
    const long = "x".repeat(80);
    const [one, two] = named(["s", `${long}1`], ["s", `${long}2`]);
    expect(one).toMatch(/^s__x{52}_[0-9a-f]{8}$/);
    expect(one).toHaveLength(64);
    expect(two).not.toBe(one);
    expect(named(["s", "y".repeat(61)])).toEqual([`s__${"y".repeat(61)}`]);
  });

  test("a tool that has the hashed name of another gets no say in it", () => {
    const [hashed] = named(["s", "a.b"], ["s", "a_b"]);
    const names = named(["s", "a.b"], ["s", "a_b"], ["s", hashed!.slice("s__".length)]);
    expect(new Set(names).size).toBe(3);
  });

  test("are unique, valid, and the same in any order and every time", () => {
    const part = fc.oneof(
      fc.string({ minLength: 1, maxLength: 70, unit: "grapheme" }),
      fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom("a", "_", ".", "-", "é") }),
    );
    const lists = fc.uniqueArray(fc.tuple(part, part), {
      selector: (pair) => JSON.stringify(pair),
      maxLength: 40,
    });
    fc.assert(
      fc.property(lists, fc.infiniteStream(fc.nat()), (list, order) => {
        const names = named(...list);
        expect(new Set(names).size).toBe(list.length);
        for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        const byTool = new Map(list.map((pair, index) => [JSON.stringify(pair), names[index]]));
        const shuffled = list
          .map((pair) => ({ pair, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ pair }) => pair);
        expect(named(...shuffled)).toEqual(shuffled.map((pair) => byTool.get(JSON.stringify(pair))));
      }),
      { numRuns: 300 },
    );
  });

  test.skipIf(!hasCorpus)("of the recorded servers are their own, but for a few that are too long", () => {
    const { tools } = readCorpus();
    const names = exposeNames(tools);
    const changed = tools.filter((tool) => names.get(tool) !== `${tool.server}__${tool.name}`);
    expect(new Set(names.values()).size).toBe(tools.length);
    expect(changed.every(({ server, name }) => `${server}__${name}`.length > 64 || /[^\w-]/.test(name))).toBe(
      true,
    );
  });
});
