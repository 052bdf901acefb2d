import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostileTenants } from "./hostile-tenants.ts";
import { openMemoryStores, openRedisStores, openSqliteStores, type Stores } from "./open-stores.ts";
import { blows, looks, plant, type Ask, type Planted } from "./store-crossings.ts";

let redis: PrivateRedis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

const BACKENDS: readonly (readonly [name: string, open: () => Promise<Stores>])[] = [
  ["memory", openMemoryStores],
  ["SQLite", openSqliteStores],
  ["Redis", () => openRedisStores(redis.url)],
];

/** What was answered, or refused, as text. */
const answersOf = (asks: readonly Ask[]): Promise<string[]> =>
  Promise.all(
    asks.map(async ([what, ask]) => {
      const answer = await ask().catch((error: unknown) => ({ refused: String(error) }));
      return `${what}: ${JSON.stringify(answer)}`;
    }),
  );

test.each(BACKENDS)("whatever tenants are called, in %s each sees its own alone", async (_name, open) => {
  const done = { crossings: 0 };
  const apart = fc.asyncProperty(hostileTenants, fc.nat(), async (tenants, chosen) => {
    await using stores = await open();
    const all: Planted[] = [];
    for (const [at, one] of tenants.entries()) all.push(await plant(stores, one, `secret-${at}-`));
    const own = (one: Planted): Promise<string[]> => answersOf(looks(stores, one.tenant, one));
    const before = await Promise.all(all.map(own));
    // Nothing of its own is missing, so that what is not seen of others was not missing either.
    for (const [at, texts] of before.entries()) {
      const without = texts.filter((text) => !text.includes(all[at]!.secret));
      expect(without.map((text) => text.split(":")[0])).toEqual(["vault.get by name", "context.keys"]);
    }
    for (const thief of all) {
      const secrets = all.filter((one) => one !== thief).map(({ secret }) => secret);
      for (const victim of all) {
        if (victim === thief) continue;
        const seen = await answersOf(looks(stores, thief.tenant, victim));
        done.crossings += seen.length;
        expect(seen.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
      }
    }
    const victim = all[chosen % all.length]!;
    for (const thief of all) {
      if (thief === victim) continue;
      const answers = await answersOf(blows(stores, thief.tenant, victim));
      done.crossings += answers.length;
      expect(answers.filter((text) => text.includes(victim.secret))).toEqual([]);
    }
    expect(await own(victim)).toEqual(before[all.indexOf(victim)]);
  });
  while (done.crossings < 1_000) await fc.assert(apart, { numRuns: 3 });
});

test.each(BACKENDS.filter(([name]) => name !== "SQLite"))(
  "whatever they are called, in %s none uses up what another may use",
  async (_name, open) => {
    await fc.assert(
      fc.asyncProperty(hostileTenants, async (tenants) => {
        await using stores = await open();
        const { runPlaces, rateWindows } = stores;
        const window = rateWindows?.({ name: "runs", amount: 1, seconds: 60 });
        for (const { tenant } of tenants) {
          if (runPlaces !== undefined) expect(await runPlaces.take(tenant, 1, 60_000)).toBeDefined();
          if (window !== undefined) expect(await window.take(tenant, 1)).toBe(0);
        }
        for (const { tenant } of tenants) {
          if (runPlaces !== undefined) expect(await runPlaces.take(tenant, 1, 60_000)).toBeUndefined();
          if (window !== undefined) expect(await window.take(tenant, 1)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 4 },
    );
  },
);
