import type {
  LedgerAmount,
  LedgerEntry,
  LedgerQuery,
  LedgerStore,
  LedgerSum,
} from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";

/** A ledger under test. */
export interface LedgerStoreHarness {
  readonly store: LedgerStore;
  /** Lets so many milliseconds pass for the store. */
  readonly pass: (ms: number) => void | Promise<void>;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface LedgerStoreSuite {
  readonly name: string;
  /** Makes an empty store that keeps at most so many entries one by one, for so many days; its clock stands at 0. */
  readonly create: (options: {
    readonly maxEntries: number;
    readonly keepDays: number;
  }) => LedgerStoreHarness | Promise<LedgerStoreHarness>;
}

const DAY = 86_400_000;

const entry = (over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  tenant: "t",
  session: "s",
  runId: "r",
  at: 1,
  part: "results",
  subject: "files.read",
  count: 1,
  tokens: 10,
  estimated: 0,
  ...over,
});
const list = (over: Partial<LedgerAmount> = {}): LedgerAmount => ({
  part: "definitions",
  subject: "files",
  count: 3,
  tokens: 100,
  estimated: 0,
  ...over,
});
const byName = (sums: readonly LedgerSum[]): LedgerSum[] =>
  sums.toSorted((a, b) =>
    JSON.stringify([a.part, a.subject, a.key]).localeCompare(JSON.stringify([b.part, b.subject, b.key])),
  );
const tokensOf = (sums: readonly LedgerSum[]): number => sums.reduce((sum, { tokens }) => sum + tokens, 0);

/** Holds a store to the LedgerStore port. Call it at the top of a vitest file. */
export function testLedgerStore(suite: LedgerStoreSuite): void {
  const ledgerTest = (
    name: string,
    body: (harness: LedgerStoreHarness) => Promise<void>,
    options = { maxEntries: 1_000, keepDays: 90 },
  ): void => {
    test(name, async () => {
      const harness = await suite.create(options);
      try {
        await body(harness);
      } finally {
        await harness.dispose?.();
      }
    });
  };

  describe(`${suite.name} is a ledger`, () => {
    ledgerTest("sums what has the same part and subject", async ({ store }) => {
      expect(await store.sum({ tenant: "t" })).toEqual([]);
      await store.append([
        entry({ at: 5, estimated: 4 }),
        entry({ at: 3, tokens: 7, count: 2 }),
        entry({ at: 4, subject: "files.write", tokens: 1 }),
        entry({ at: 9, part: "arguments", tokens: 2 }),
      ]);
      expect(byName(await store.sum({ tenant: "t" }))).toEqual([
        { part: "arguments", subject: "files.read", count: 1, tokens: 2, estimated: 0, from: 9, to: 9 },
        { part: "results", subject: "files.read", count: 3, tokens: 17, estimated: 4, from: 3, to: 5 },
        { part: "results", subject: "files.write", count: 1, tokens: 1, estimated: 0, from: 4, to: 4 },
      ]);
    });

    ledgerTest("sums a session, a run, and what was since", async ({ store }) => {
      const { session: _none, runId: _neither, ...nobodys } = entry({ at: 8, tokens: 1_000 });
      await store.append([
        entry({ at: 1, tokens: 1 }),
        entry({ at: 2, tokens: 10, runId: "q" }),
        entry({ at: 3, tokens: 100, session: "z" }),
        nobodys,
      ]);
      const total = async (query: Partial<LedgerQuery>) =>
        tokensOf(await store.sum({ tenant: "t", ...query }));
      expect(await total({})).toBe(1_111);
      expect(await total({ session: "s" })).toBe(11);
      expect(await total({ runId: "r" })).toBe(101);
      expect(await total({ runId: "r", session: "z" })).toBe(100);
      expect(await total({ since: 2 })).toBe(1_110);
      expect(await total({ session: "none" })).toBe(0);
    });

    ledgerTest("sums day by day, session by session, run by run", async ({ store }) => {
      const { session: _none, runId: _neither, ...nobodys } = entry({ at: 2 * DAY, tokens: 100 });
      await store.append([entry({ at: DAY - 1 }), entry({ at: DAY, runId: "q" }), nobodys]);
      const keys = async (by: LedgerQuery["by"]) =>
        Object.fromEntries(
          (await store.sum({ tenant: "t", ...(by && { by }) })).map((sum) => [sum.key ?? "-", sum.tokens]),
        );
      expect(await keys("day")).toEqual({ "1970-01-01": 10, "1970-01-02": 10, "1970-01-03": 100 });
      expect(await keys("session")).toEqual({ s: 20, "-": 100 });
      expect(await keys("run")).toEqual({ r: 10, q: 10, "-": 100 });
    });

    ledgerTest("keeps the last lists of a session, and all else that it has", async ({ store }) => {
      await store.append([entry()]);
      const lists = { tenant: "t", session: "s", at: 1 };
      await store.setLists({
        ...lists,
        amounts: [list(), list({ subject: "git", tokens: 5 }), list({ part: "list", subject: "" })],
      });
      await store.setLists({ ...lists, session: "other", amounts: [list({ tokens: 1_000 })] });
      await store.setLists({ ...lists, at: 7, amounts: [list({ count: 4, tokens: 130 })] });
      expect(byName(await store.sum({ tenant: "t", session: "s" }))).toEqual([
        { part: "definitions", subject: "files", count: 4, tokens: 130, estimated: 0, from: 7, to: 7 },
        { part: "results", subject: "files.read", count: 1, tokens: 10, estimated: 0, from: 1, to: 1 },
      ]);
      expect(tokensOf(await store.sum({ tenant: "t" }))).toBe(1_140);
    });

    ledgerTest("keeps tenants apart, whatever the names", async ({ store }) => {
      const names = ["__proto__", "a\u0000b", "a", "\uD800", "\uD801", ""];
      await store.append(
        names.map((name, at) =>
          entry({ tenant: name, session: name, runId: name, subject: "x", tokens: 10 ** at }),
        ),
      );
      for (const [at, name] of names.entries()) {
        const sums = await store.sum({ tenant: name, session: name, runId: name, by: "session" });
        expect(sums).toMatchObject([{ key: name, tokens: 10 ** at }]);
      }
      expect(await store.sum({ tenant: "nobody" })).toEqual([]);
    });

    ledgerTest(
      "keeps whole sessions while they fit, and the rest as sums of days",
      async ({ store }) => {
        for (let at = 0; at < 12; at += 1) {
          const session = `s${at}`;
          await store.setLists({ tenant: "t", session, at, amounts: [list({ tokens: 1 })] });
          await store.append([entry({ session, at }), entry({ session, at })]);
        }
        const whole = await store.sum({ tenant: "t" });
        expect(byName(whole).map(({ part, count, tokens }) => [part, count, tokens])).toEqual([
          ["definitions", 36, 12],
          ["results", 24, 240],
        ]);
        const sessions = Map.groupBy(await store.sum({ tenant: "t", by: "session" }), ({ key }) => key);
        expect(sessions.get("s0")).toBeUndefined();
        for (const [session, sums] of sessions) {
          if (session !== undefined) expect([session, tokensOf(sums)]).toEqual([session, 21]);
        }
        expect(sessions.get("s11")).toBeDefined();
        expect(tokensOf([...sessions.values()].flat())).toBe(252);
      },
      { maxEntries: 10, keepDays: 90 },
    );

    ledgerTest(
      "keeps old entries as sums of their days",
      async ({ store, pass }) => {
        await store.append([
          entry({ at: 10, runId: "a" }),
          entry({ at: 20, runId: "b" }),
          entry({ at: DAY + 5, runId: "c", session: "later" }),
          entry({ at: 6 * DAY, runId: "d", session: "new" }),
        ]);
        await pass(7 * DAY);
        await store.append([entry({ at: 7 * DAY, runId: "e", session: "new" })]);
        const runs = await store.sum({ tenant: "t", by: "run" });
        expect(Object.fromEntries(runs.map(({ key, tokens }) => [key ?? "-", tokens]))).toEqual({
          "-": 30,
          d: 10,
          e: 10,
        });
        const days = byName(await store.sum({ tenant: "t", by: "day" }));
        expect(days.map(({ key, tokens, from, to }) => [key, tokens, from, to])).toEqual([
          ["1970-01-01", 20, 10, 20],
          ["1970-01-02", 10, DAY + 5, DAY + 5],
          ["1970-01-07", 10, 6 * DAY, 6 * DAY],
          ["1970-01-08", 10, 7 * DAY, 7 * DAY],
        ]);
        expect(tokensOf(await store.sum({ tenant: "t", since: 15 }))).toBe(30);
      },
      { maxEntries: 1_000, keepDays: 3 },
    );

    ledgerTest("loses nothing of what is added at once", async ({ store }) => {
      await Promise.all(Array.from({ length: 50 }, () => store.append([entry(), entry()])));
      expect(await store.sum({ tenant: "t" })).toMatchObject([{ count: 100, tokens: 1_000 }]);
    });
  });
}
