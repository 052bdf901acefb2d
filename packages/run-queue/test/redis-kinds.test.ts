import { openRedisLink } from "@mcp-optimizer/context-redis";
import { systemClock as clock } from "@mcp-optimizer/core";
import { startRedisCluster, startRedisSentinel, type PrivateRedisGroup } from "@mcp-optimizer/services";
import { expect, test, vi } from "vitest";
import { createBullRunQueue } from "../src/index.ts";

test.each<[string, () => Promise<PrivateRedisGroup>]>([
  ["a cluster", startRedisCluster],
  ["a primary behind sentinels", startRedisSentinel],
])(
  "on %s, jobs find their workers, also after the primary has died",
  { timeout: 90_000 },
  async (_name, start) => {
    await using redis = await start();
    await using link = await openRedisLink({ url: redis.url });
    await using queue = createBullRunQueue({ link, clock, lockMs: 3_000, maxWaitMs: 60_000, awayMs: 60_000 });
    await queue.work(async ({ work }) => ({ work }), { concurrency: 2, languages: [] });
    const run = (n: number) => queue.run({ tenant: `t${n}`, runId: `r${n}`, same: "s", work: { n } });
    const done = await Promise.all([1, 2, 3, 4, 5].map(run));
    expect(done).toEqual([1, 2, 3, 4, 5].map((n) => ({ work: { n } })));
    const key = link.key("queue", "runs", "waiting");
    const primary = await redis.primary(key);
    await primary.crash();
    await redis.failedOver(primary, key);
    // Until it is known where the new one is, fronts are told that there is none.
    const again = await vi.waitFor(() => run(6), { timeout: 60_000, interval: 100 });
    expect(again).toEqual({ work: { n: 6 } });
  },
);
