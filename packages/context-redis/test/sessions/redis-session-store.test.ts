import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { createManualClock } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRedisContextStore, createRedisSessionStore, openRedisLink } from "../../src/index.ts";

let redis: PrivateRedis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

const NEW = { tenant: "t", id: "s", principal: "p", data: { n: 0 }, ttlMs: 1_000 };

test("a write that nobody knows of may be asked for again by its writer, and by nobody else", async () => {
  await using link = await openRedisLink({ url: redis.url, prefix: "unsure", commandMs: 500 });
  await using other = await openRedisLink({ url: redis.url, prefix: "unsure" });
  const clock = createManualClock();
  const store = createRedisSessionStore({ link, clock, name: "s" });
  const strange = createRedisSessionStore({ link: other, clock, name: "s" });
  // So that Redis knows the scripts.
  await store.create({ ...NEW, id: "r" });
  await store.update("t", "r", 1, {});
  redis.freeze();
  await expect(store.create(NEW)).rejects.toMatchObject({ code: "store_unavailable" });
  redis.thaw();
  // By now it is there, from what stood in the frozen one's buffers.
  await expect(strange.create({ ...NEW, ttlMs: 2_000 })).rejects.toMatchObject({ code: "conflict" });
  expect(await store.create(NEW)).toMatchObject({ version: 1, data: { n: 0 } });
  await expect(store.create(NEW)).rejects.toMatchObject({ code: "conflict" });
  redis.freeze();
  await expect(store.update("t", "s", 1, { n: 1 })).rejects.toMatchObject({ code: "store_unavailable" });
  redis.thaw();
  await expect(strange.update("t", "s", 1, { n: 1 })).rejects.toMatchObject({ code: "conflict" });
  const both = await Promise.allSettled([0, 1].map(() => store.update("t", "s", 1, { n: 1 })));
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(await strange.get("t", "s")).toMatchObject({ version: 2, data: { n: 1 } });
});

test("a tenant has so many sessions and no more; those of others do not count", async () => {
  await using link = await openRedisLink({ url: redis.url, prefix: "most" });
  const store = createRedisSessionStore({ link, clock: createManualClock(), name: "s", maxSessions: 2 });
  await store.create(NEW);
  await store.create({ ...NEW, id: "r" });
  await expect(store.create({ ...NEW, id: "q" })).rejects.toMatchObject({ code: "concurrency_limit" });
  await store.create({ ...NEW, tenant: "u" });
  await store.delete("t", "r");
  await store.create({ ...NEW, id: "q" });
});

test("Redis lets everything go by itself, and indexes are rid of what nobody took", async () => {
  await using link = await openRedisLink({ url: redis.url, prefix: "gone" });
  const clock = createManualClock();
  const store = createRedisSessionStore({ link, clock, name: "s" });
  const contexts = createRedisContextStore({ link, clock });
  const scope = { tenant: "t", session: "s", namespace: "n" };
  for (let n = 0; n < 60; n++) await store.create({ ...NEW, id: `old ${n}` });
  await contexts.set(scope, "k", 1, { ttlMs: 1_000, limitBytes: 100 });
  clock.advance(2 * 24 * 3_600_000);
  for (let n = 0; n < 4; n++) await store.create({ ...NEW, id: `new ${n}` });
  expect((await store.list("t")).sessions).toHaveLength(4);
  const keys = (await link.command("KEYS", "gone:*")) as string[];
  expect(keys).toHaveLength(3 + 4 - 1 + 5);
  for (const key of keys) {
    const ms = Number(await link.command("PTTL", key));
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThanOrEqual(2 * (24 * 3_600_000 + 1_000));
  }
});
