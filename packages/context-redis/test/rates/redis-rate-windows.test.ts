import { testRateWindow } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import type { RedisLink } from "../../src/link/redis-link.ts";
import { createRedisRateWindows } from "../../src/rates/redis-rate-windows.ts";
import { redisOfFile } from "../redis-of-file.ts";

const redis = redisOfFile();

/** A link whose keys all end so many milliseconds sooner, whenever that is asked. */
function hastened(link: RedisLink): {
  readonly link: RedisLink;
  readonly pass: (ms: number) => Promise<void>;
} {
  const keys = new Set<string>();
  return {
    link: {
      ...link,
      key(...parts) {
        const key = link.key(...parts);
        keys.add(key);
        return key;
      },
    },
    async pass(ms) {
      for (const key of keys) {
        const left = Number(await link.command("PTTL", key));
        // It never has a key without an end.
        expect(left).not.toBe(-1);
        if (left > 0) await link.command("PEXPIRE", key, Math.max(0, left - ms));
      }
    },
  };
}

testRateWindow({
  name: "windows in Redis",
  async create() {
    const link = await redis.open();
    const { link: seen, pass } = hastened(link);
    return { createWindow: createRedisRateWindows({ link: seen }), pass, dispose: () => link.dispose() };
  },
});

test("two processes count together", async () => {
  await using one = await redis.open({ prefix: "shared" });
  await using two = await redis.open({ prefix: "shared" });
  const windows = [one, two].map((link) =>
    createRedisRateWindows({ link })({ name: "calls", amount: 10, seconds: 60 }),
  );
  const waits = await Promise.all(Array.from({ length: 40 }, (_, at) => windows[at % 2]!.take("a", 1)));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
  await windows[0]!.giveBack("a", 4);
  expect(await windows[1]!.take("a", 4)).toBe(0);
});

test("while Redis is away nothing passes, and it is told in time", async (context) => {
  const { server } = redis;
  context.skip(server === undefined, "the Redis of MCP_OPTIMIZER_TEST_REDIS is not ours to freeze");
  await using link = await redis.open({ commandMs: 200 });
  const window = createRedisRateWindows({ link })({ name: "calls", amount: 1, seconds: 60 });
  const away = { code: "store_unavailable" };
  server!.freeze();
  try {
    await expect(window.take("a", 1)).rejects.toMatchObject(away);
    await expect(window.usedUpFor("a")).rejects.toMatchObject(away);
    await expect(window.note("a", 1)).rejects.toMatchObject(away);
    await expect(window.giveBack("a", 1)).rejects.toMatchObject(away);
  } finally {
    server!.thaw();
  }
  expect(await window.take("b", 1)).toBe(0);
  expect(await window.take("b", 1)).toBeGreaterThan(0);
});
