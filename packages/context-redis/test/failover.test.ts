import { startRedisCluster, startRedisSentinel } from "@mcp-optimizer/services";
import { createManualClock } from "@mcp-optimizer/testkit";
import { test } from "vitest";
import {
  createRedisBulletin,
  createRedisContextStore,
  createRedisSessionStore,
  openRedisLink,
  sharedSecret,
} from "../src/index.ts";

const TENANTS = Array.from({ length: 30 }, (_, index) => `tenant ${index}`);
const LIMITS = { ttlMs: 60_000, limitBytes: 1_000 };

test.concurrent.for([
  ["a primary behind sentinels", startRedisSentinel],
  ["a cluster", startRedisCluster],
] as const)(
  "%s: all works on it, and goes on by itself on another primary with all that was said to be kept",
  { timeout: 90_000 },
  async ([, start], { expect }) => {
    await using group = await start();
    const settings = { url: group.url, prefix: "f" };
    await using link = await openRedisLink({ ...settings, replicas: 1 });
    await using reader = await openRedisLink(settings);
    const clock = createManualClock();
    const sessions = createRedisSessionStore({ link, clock, name: "sessions" });
    const context = createRedisContextStore({ link, clock });
    const scopeOf = (tenant: string) => ({ tenant, session: "s", namespace: "n" });

    for (const tenant of TENANTS) {
      await sessions.create({ tenant, id: "s", principal: "p", data: {}, ttlMs: 60_000 });
      await context.set(scopeOf(tenant), "key", tenant, LIMITS);
    }
    expect(await sharedSecret({ link, name: "s" })).toBe(await sharedSecret({ link: reader, name: "s" }));
    const heard: string[] = [];
    const bulletin = createRedisBulletin({ link: reader });
    await bulletin.subscribe("topic", { onNews: (text) => heard.push(text) });
    await createRedisBulletin({ link }).publish("topic", "before");
    await expect.poll(() => heard).toContain("before");

    const key = link.key("sessions:sessions:0", "ends");
    const before = await group.primary(key);
    await before.crash();
    await group.failedOver(before, key);
    // Else the new primary of a cluster has no replica that could have a write.
    await before.restart();
    for (const tenant of TENANTS) {
      const touched = (): Promise<boolean> => sessions.touch(tenant, "s").catch(() => false);
      await expect.poll(touched, { timeout: 10_000 }).toBe(true);
      await expect.poll(() => context.get(scopeOf(tenant), "key").catch(() => "not yet")).toBe(tenant);
    }
    // Whoever listens has found another server by itself.
    const published = async (): Promise<boolean> => {
      await createRedisBulletin({ link })
        .publish("topic", "after")
        .catch(() => undefined);
      return heard.includes("after");
    };
    await expect.poll(published, { timeout: 10_000, interval: 200 }).toBe(true);

    clock.advance(60_000);
    const store = createRedisSessionStore({ link: reader, clock, name: "sessions" });
    const [some, ...more] = await Promise.all([store.takeExpired(10), sessions.takeExpired(100)]);
    const taken = [...some, ...more.flat(), ...(await store.takeExpired(100))].map(({ tenant }) => tenant);
    expect(taken.sort()).toEqual(TENANTS.toSorted());
  },
);
