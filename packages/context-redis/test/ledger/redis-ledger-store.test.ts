import { OptimizerError, type LedgerEntry, type LedgerStore } from "@mcp-optimizer/contracts";
import { testLedgerStore } from "@mcp-optimizer/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedisLedgerStore } from "../../src/ledger/redis-ledger-store.ts";
import { redisOfFile } from "../redis-of-file.ts";

const redis = redisOfFile();
const DAY = 86_400_000;
const entry = (over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  tenant: "t",
  session: "s",
  at: 1,
  part: "results",
  subject: "a",
  count: 1,
  tokens: 10,
  estimated: 0,
  ...over,
});
const totals = async (store: LedgerStore): Promise<readonly number[]> => {
  const sums = await store.sum({ tenant: "t" });
  return [sums.reduce((sum, one) => sum + one.count, 0), sums.reduce((sum, one) => sum + one.tokens, 0)];
};

testLedgerStore({
  name: "a ledger in Redis",
  async create(options) {
    let now = 0;
    const link = await redis.open();
    const store = createRedisLedgerStore({ link, clock: { now: () => now }, ...options });
    return { store, pass: (ms) => void (now += ms), dispose: () => link.dispose() };
  },
});

test("two processes that add and fold at once keep every total", async () => {
  const entries = fc.array(
    fc.record({ session: fc.constantFrom("a", "b", "c"), at: fc.nat(3 * DAY), tokens: fc.nat(1_000) }),
    { minLength: 1, maxLength: 40 },
  );
  await using one = await redis.open({ prefix: "folding" });
  await using two = await redis.open({ prefix: "folding" });
  await fc.assert(
    fc.asyncProperty(entries, async (added) => {
      await one.command("DEL", ...["cells", "lists", "days"].map((key) => one.key('ledger:"t"', key)));
      const stores = [one, two].map((link) =>
        createRedisLedgerStore({ link, clock: { now: () => 0 }, maxEntries: 5 }),
      );
      await Promise.all(added.map((over, at) => stores[at % 2]!.append([entry(over)])));
      const tokens = added.reduce((sum, over) => sum + over.tokens, 0);
      expect(await totals(stores[0]!)).toEqual([added.length, tokens]);
    }),
    { numRuns: 15 },
  );
});

test("what becomes sums of days is whole sessions, however their entries differ", async () => {
  await using link = await redis.open();
  const store = createRedisLedgerStore({ link, clock: { now: () => 0 }, maxEntries: 8 });
  const sessions = ["a", "b", "c", "d"];
  for (const [index, session] of sessions.entries()) {
    const three = ["x", "y", "z"].map((runId, at) => entry({ session, runId, at: index * 10 + at }));
    await store.append(three);
  }
  const sums = await store.sum({ tenant: "t", by: "session" });
  expect(sums.map(({ key, tokens }) => [key, tokens])).toEqual([
    [undefined, 60],
    ["c", 30],
    ["d", 30],
  ]);
});

test("entries that are given again, because the answer was lost, are in it once", async () => {
  await using link = await redis.open();
  let lose = true;
  // The script has run, and its answer does not come.
  const losing = {
    ...link,
    writing: (source: string) => {
      const run = link.writing(source);
      return async (...call: Parameters<typeof run>) => {
        const answer = await run(...call);
        if (lose) throw new Error("lost");
        return answer;
      };
    },
  };
  const store = createRedisLedgerStore({ link: losing, clock: { now: () => 0 } });
  const [mine, others] = [entry(), entry({ tenant: "u" })];
  await expect(store.append([mine, others])).rejects.toThrow("lost");
  lose = false;
  await store.append([mine, others, entry()]);
  expect(await totals(store)).toEqual([2, 20]);
  expect(await store.sum({ tenant: "u" })).toMatchObject([{ count: 1, tokens: 10 }]);
});

test("entries that are given again, because those of another tenant were not taken, are in it once", async () => {
  await using link = await redis.open();
  let calls = 0;
  const store = createRedisLedgerStore({
    clock: { now: () => 0 },
    link: {
      ...link,
      writing(source) {
        const script = link.writing(source);
        return async (keys, args) => {
          if ((calls += 1) === 2) throw new OptimizerError("store_unavailable");
          return await script(keys, args);
        };
      },
    },
  });
  const entries = [entry(), entry({ tenant: "other" })];
  await expect(store.append(entries)).rejects.toMatchObject({ code: "store_unavailable" });
  await store.append(entries);
  await store.append([entry()]);
  expect(await totals(store)).toEqual([2, 20]);
  expect(await store.sum({ tenant: "other" })).toMatchObject([{ count: 1, tokens: 10 }]);
});

test("what is of a tenant goes when it spends nothing for long", async () => {
  await using link = await redis.open();
  const store = createRedisLedgerStore({ link, clock: { now: () => DAY }, maxEntries: 3, idleDays: 1 });
  await store.append([entry(), entry({ session: "z" }), entry({ session: "y", at: 2 })]);
  const list = { part: "list", subject: "", count: 1, tokens: 1, estimated: 0 } as const;
  await store.setLists({ tenant: "t", session: "y", at: 2, amounts: [list] });
  for (const name of ["cells", "lists", "days", "looked"]) {
    const ms = Number(await link.command("PTTL", link.key('ledger:"t"', name)));
    expect([name, ms > 0 && ms <= DAY]).toEqual([name, true]);
  }
});
