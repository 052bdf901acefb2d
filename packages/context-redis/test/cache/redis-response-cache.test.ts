import { startRedis } from "@mcp-optimizer/services";
import { createManualClock, testResponseCache } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createRedisResponseCache } from "../../src/cache/redis-response-cache.ts";
import { redisOfFile } from "../redis-of-file.ts";

const redis = redisOfFile();

testResponseCache({
  name: "a cache in Redis",
  async create(sizes) {
    const clock = createManualClock();
    const link = await redis.open();
    const cache = createRedisResponseCache({ link, clock, ...sizes });
    return { cache, pass: (ms) => clock.advance(ms), dispose: () => link.dispose() };
  },
});

test("two processes have the same texts, generations and holds, by Redis's own time", async () => {
  await using one = await redis.open({ prefix: "shared" });
  await using two = await redis.open({ prefix: "shared" });
  const [here, there] = [createRedisResponseCache({ link: one }), createRedisResponseCache({ link: two })];
  await here.put("a", "text", 60_000);
  expect(await there.get("a")).toBe("text");
  const [before] = await here.generations(["git"]);
  expect(await there.generations(["git"])).toEqual([before]);
  await here.hold("git", "w", 60_000);
  expect(await there.generations(["git"])).toEqual([undefined]);
  await here.release("git", "w");
  const [after] = await there.generations(["git"]);
  expect(after).not.toBe(before);
  expect(await here.generations(["git"])).toEqual([after]);
});

test("all texts together stay within the size, small ones too, and nothing stays for ever", async () => {
  const prefix = "bounded";
  await using link = await redis.open({ prefix });
  const cache = createRedisResponseCache({ link, maxSize: 20_000, maxEntrySize: 1_000 });
  const names = Array.from({ length: 300 }, (_, at) => `key ${at}`);
  await Promise.all(names.map((name, at) => cache.put(name, "x".repeat(at), 60_000)));
  const kept = (await Promise.all(names.map((name) => cache.get(name)))).filter((text) => text !== undefined);
  expect(kept.join("").length).toBeLessThanOrEqual(20_000);
  expect(kept.length).toBeGreaterThan(30);
  await cache.hold("git", "w", 1_000);
  await cache.generations(["git", "fs"]);
  for (const key of ["texts", "ends", "size"])
    expect(await link.command("PTTL", link.key("cache.0", key))).toBeGreaterThan(0);
  for (const server of ["git", "fs"])
    expect(await link.command("PTTL", link.key(`cache.server:${server}`))).toBeGreaterThan(0);
});

test("nothing counts that was kept before Redis started again: it may lack the last writes", async () => {
  await using server = await startRedis({ config: { appendonly: "yes" } });
  await using link = await redis.open({ url: server.url });
  const cache = createRedisResponseCache({ link });
  await cache.put("a", "text", 60_000);
  const [before] = await cache.generations(["git"]);
  await server.restart();
  expect(await cache.get("a")).toBe("text");
  const [after] = await cache.generations(["git"]);
  expect(after).toEqual(expect.any(String));
  expect(after).not.toBe(before);
});

test("a server has no generation again after all of the store was lost", async () => {
  await using link = await redis.open({ prefix: "lost" });
  const cache = createRedisResponseCache({ link });
  const [before] = await cache.generations(["git"]);
  await link.command("DEL", link.key("cache.server:git"));
  const [after] = await cache.generations(["git"]);
  expect(after).toEqual(expect.any(String));
  expect(after).not.toBe(before);
});
