import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { createManualClock, testBulletin, testContextStore, testSessionStore } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRedisBulletin,
  createRedisContextStore,
  createRedisSessionStore,
  openRedisLink,
  sharedSecret,
  type RedisLink,
} from "../src/index.ts";

let redis: PrivateRedis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

let prefixes = 0;
/** Two processes with a Redis that nobody else uses. */
async function twoLinks(): Promise<{ one: RedisLink; two: RedisLink; dispose: () => Promise<void> }> {
  const settings = { url: redis.url, prefix: `t${prefixes++}` };
  const [one, two] = [await openRedisLink(settings), await openRedisLink(settings)];
  return {
    one,
    two,
    dispose: async () => {
      await one.dispose();
      await two.dispose();
    },
  };
}

testContextStore({
  name: "Redis",
  async create() {
    const { one, two, dispose } = await twoLinks();
    const clock = createManualClock();
    return {
      store: createRedisContextStore({ link: one, clock }),
      second: createRedisContextStore({ link: two, clock }),
      pass: (ms) => clock.advance(ms),
      dispose,
    };
  },
});

testSessionStore({
  name: "Redis",
  async create() {
    const { one, two, dispose } = await twoLinks();
    const clock = createManualClock();
    return {
      store: createRedisSessionStore({ link: one, clock, name: "sessions" }),
      other: createRedisSessionStore({ link: one, clock, name: "other" }),
      second: createRedisSessionStore({ link: two, clock, name: "sessions" }),
      pass: (ms) => clock.advance(ms),
      dispose,
    };
  },
});

testBulletin({
  name: "Redis",
  async create() {
    const { one, two, dispose } = await twoLinks();
    return {
      bulletin: createRedisBulletin({ link: one }),
      second: createRedisBulletin({ link: two }),
      dispose,
    };
  },
});

test("a shared secret is made once, and is long", async () => {
  const { one, two, dispose } = await twoLinks();
  const asked = [one, two, one, two].map((link) => sharedSecret({ link, name: "approvals" }));
  const [secret, ...others] = await Promise.all(asked);
  expect(new Set(others)).toEqual(new Set([secret]));
  expect(Buffer.from(secret!, "base64url")).toHaveLength(32);
  expect(await sharedSecret({ link: one, name: "other" })).not.toBe(secret);
  await dispose();
});
