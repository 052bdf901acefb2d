import { existsSync } from "node:fs";
import { test } from "vitest";
import { startRedisCluster, startRedisSentinel } from "../src/index.ts";

test.concurrent.for([
  ["sentinels", startRedisSentinel, /^redis\+sentinel:\/\/127\.0\.0\.1:\d+,.*\/mymaster$/],
  ["a cluster", startRedisCluster, /^redis\+cluster:\/\/127\.0\.0\.1:\d+,/],
] as const)(
  "%s put another server in the place of one that was killed, and end with all their files",
  { timeout: 60_000 },
  async ([, start, url], { expect }) => {
    const group = await start();
    try {
      expect(group.url).toMatch(url);
      const before = await group.primary("key");
      await before.ask("set", "key", "1");
      expect(await before.ask("wait", "1", "5000")).toMatch(/^[12]$/);
      await before.crash();
      const after = await group.failedOver(before, "key");
      expect(after.port).not.toBe(before.port);
      expect(await after.ask("get", "key")).toBe("1");
      await before.restart();
      expect(await before.ask("ping")).toBe("PONG");
      expect((await group.primary("key")).port).toBe(after.port);
    } finally {
      await group.stop();
    }
    for (const { pid } of group.servers) expect(existsSync(`/proc/${pid}`)).toBe(false);
    await group.stop();
  },
);
