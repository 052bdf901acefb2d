import {
  createManualClock,
  testExecutionLog,
  type ManualClock,
  LOG_INTENT as INTENT,
  LOG_START as START,
} from "@mcp-optimizer/testkit";
import type { OptimizerError } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import type { RedisLink } from "../../src/link/redis-link.ts";
import { createRedisExecutionLog, type RedisExecutionLogOptions } from "../../src/log/redis-execution-log.ts";
import { redisOfFile } from "../redis-of-file.ts";

const redis = redisOfFile();
let prefixes = 0;

const ONE_NODE = "it counts all keys, and a cluster tells those of one node";
const DAY = 86_400_000;

async function openLog(settings: Omit<Partial<RedisExecutionLogOptions>, "link" | "clock"> = {}) {
  const clock: ManualClock = createManualClock();
  const prefix = `log-${(prefixes += 1)}`;
  const link = await redis.open({ prefix });
  const log = createRedisExecutionLog({ link, clock, ...settings });
  return { log, link, clock, prefix, [Symbol.asyncDispose]: () => link.dispose() };
}

testExecutionLog({
  name: "redis",
  create: async () => {
    const { log, link, clock } = await openLog();
    return { log, pass: (ms) => clock.advance(ms), dispose: () => link.dispose() };
  },
});

test("another process goes on where one was, and of several that want a run one gets it", async () => {
  await using one = await openLog();
  await using link = await redis.open({ prefix: one.prefix });
  const other = createRedisExecutionLog({ link, clock: one.clock });
  await one.log.open(START);
  await one.log.intend("t", "r", "o", INTENT);
  expect(await other.read("t", "r")).toEqual(await one.log.read("t", "r"));
  await expect(other.open({ ...START, owner: "x" })).rejects.toMatchObject({
    code: "conflict",
    data: { retryAfterMs: 60_000 },
  });
  one.clock.advance(60_000);
  const racers = Array.from({ length: 8 }, (_, i) =>
    (i % 2 === 0 ? one.log : other).open({ ...START, owner: `racer-${i}` }).then(
      () => "won",
      (error: { code: string }) => error.code,
    ),
  );
  expect((await Promise.all(racers)).toSorted()).toEqual([...Array<string>(7).fill("conflict"), "won"]);
});

test("what a client library sends twice is noted once", async () => {
  await using one = await openLog();
  const link: RedisLink = {
    ...one.link,
    writing(source) {
      const script = one.link.writing(source);
      return async (keys, args) => {
        await script(keys, args);
        return await script(keys, args);
      };
    },
  };
  const log = createRedisExecutionLog({ link, clock: one.clock });
  const value = { state: "applied", value: 1 } as const;
  await log.open(START);
  expect(await log.intend("t", "r", "o", INTENT)).toBe(0);
  await log.settle("t", "r", "o", 0, value);
  await log.record("t", "r", "o", [{ ...INTENT, effect: "read", outcome: value }]);
  expect(await log.intend("t", "r", "o", INTENT)).toBe(2);
  await log.close("t", "r", "o", { at: 5 });
  expect(await log.read("t", "r")).toMatchObject({
    state: "closed",
    end: { at: 5 },
    calls: [{ outcome: value }, { outcome: value }, { outcome: { state: "unknown" } }],
  });
});

test("a tenant loses its own closed runs that were opened longest ago, never an open one", async () => {
  await using one = await openLog({ maxRuns: 2 });
  const { log } = one;
  await log.open({ ...START, tenant: "other", runId: "theirs" });
  await log.close("other", "theirs", "o");
  await log.open({ ...START, runId: "open" });
  for (const runId of ["a", "b", "c"]) {
    await log.open({ ...START, runId, session: "s" });
    await log.intend("t", runId, "o", INTENT);
    await log.close("t", runId, "o");
  }
  expect((await log.list("t")).runs.map(({ runId }) => runId)).toEqual(["c", "open"]);
  expect((await log.list("t", { session: "s" })).runs.map(({ runId }) => runId)).toEqual(["c"]);
  expect((await log.list("other")).runs).toHaveLength(1);
  // Their calls went with them: a new run of the name has none.
  expect(await log.open({ ...START, runId: "a" })).toMatchObject({ calls: [] });
});

test("a tenant loses closed runs when all together are over its size", async () => {
  await using one = await openLog({ maxBytes: 1_600 });
  for (const runId of ["a", "b", "c"]) {
    await one.log.open({ ...START, runId });
    await one.log.intend("t", runId, "o", INTENT);
    await one.log.settle("t", runId, "o", 0, { state: "applied", value: "ü".repeat(150) });
    await one.log.close("t", runId, "o");
  }
  expect((await one.log.list("t")).runs.map(({ runId }) => runId)).toEqual(["c", "b"]);
});

test("what is old is forgotten by the log's time, and all of it by Redis's own", async ({ skip }) => {
  skip(redis.server === undefined, ONE_NODE);
  await using one = await openLog({ keepMs: DAY });
  const { log, link, clock, prefix } = one;
  await log.open({ ...START, runId: "old", session: "s" });
  await log.intend("t", "old", "o", INTENT);
  await log.close("t", "old", "o");
  clock.advance(DAY - 1);
  expect(await log.read("t", "old")).toBeDefined();
  await log.open({ ...START, runId: "new" });
  clock.advance(1);
  expect(await log.read("t", "old")).toBeUndefined();
  expect((await log.list("t")).runs.map(({ runId }) => runId)).toEqual(["new"]);
  expect((await log.list("t", { session: "s" })).runs).toEqual([]);
  await log.open({ ...START, runId: "newer" });
  const keys = (await link.command("KEYS", `${prefix}:*`)) as string[];
  expect(keys.filter((key) => key.includes(":run:"))).toHaveLength(2);
  for (const key of keys) expect(Number(await link.command("PTTL", key)), key).toBeGreaterThan(0);
  expect(await log.open({ ...START, runId: "old" })).toMatchObject({ calls: [] });
});

test("runs that Redis itself forgot are not counted any more", async ({ skip }) => {
  skip(redis.server === undefined, ONE_NODE);
  await using one = await openLog({ maxRuns: 2 });
  const { log, link, prefix } = one;
  for (const runId of ["a", "b"]) {
    await log.open({ ...START, runId });
    await log.close("t", runId, "o");
  }
  const keys = (await link.command("KEYS", `${prefix}:*:run:*`)) as string[];
  for (const key of keys) await link.command("DEL", key);
  expect((await log.list("t")).runs).toEqual([]);
  for (const runId of ["c", "d"]) await log.open({ ...START, runId });
  const index = (await link.command("KEYS", `${prefix}:*:index`)) as string[];
  const bytes = Number(await link.command("HGET", index[0]!, "bytes"));
  const { tenant, program, source, at } = START;
  const size = JSON.stringify({ tenant, runId: "c", program, source, at }).length;
  expect(bytes).toBe(2 * size);
});

test("a run of many large results comes back whole", async () => {
  await using one = await openLog();
  await one.log.open(START);
  const value = "ü".repeat(1_500_000);
  for (let at = 0; at < 4; at++) {
    await one.log.intend("t", "r", "o", { ...INTENT, key: `k${at}` });
    await one.log.settle("t", "r", "o", at, { state: "applied", value: `${at}${value}` });
  }
  const run = (await one.log.read("t", "r"))!;
  expect(run.calls.map(({ index, key }) => [index, key])).toEqual([0, 1, 2, 3].map((at) => [at, `k${at}`]));
  for (const [at, { outcome }] of run.calls.entries()) {
    expect(outcome.state === "applied" && outcome.value === `${at}${value}`).toBe(true);
  }
  expect((await one.log.open({ ...START, owner: "x", takeOver: true })).calls).toHaveLength(4);
});

test("names that no text can hold stay apart; a cursor of nobody is refused", async () => {
  await using one = await openLog();
  await one.log.open({ ...START, tenant: "\uD800", runId: "a\u0000b" });
  expect(await one.log.read("\uD801", "a\u0000b")).toBeUndefined();
  expect(await one.log.read("\uD800", "a")).toBeUndefined();
  expect(await one.log.read("\uD800", "a\u0000b")).toMatchObject({ tenant: "\uD800", runId: "a\u0000b" });
  await expect(one.log.list("t", { cursor: "r1" })).rejects.toMatchObject({ code: "invalid_params" });
});

test("a log whose Redis is away says so", async () => {
  const { log, link } = await openLog();
  await link.dispose();
  for (const asked of [log.open(START), log.intend("t", "r", "o", INTENT), log.read("t", "r"), log.list("t")])
    await expect(asked).rejects.toMatchObject({ code: "store_unavailable" });
});

test("without a clock the time is that of Redis", async () => {
  await using one = await openLog();
  const log = createRedisExecutionLog({ link: one.link });
  await log.open(START);
  const error: unknown = await log.open({ ...START, owner: "x" }).catch((caught: unknown) => caught);
  const { retryAfterMs } = (error as OptimizerError).data as { retryAfterMs: number };
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(START.leaseMs);
  expect((await log.list("t")).runs).toMatchObject([{ runId: "r", state: "open" }]);
});

test("a Redis that is full takes no more intentions, and the ends of those that it has", async ({ skip }) => {
  skip(redis.server === undefined, ONE_NODE);
  await using one = await openLog();
  await one.log.open(START);
  await one.log.intend("t", "r", "o", INTENT);
  await one.log.intend("t", "r", "o", INTENT);
  await one.link.command("CONFIG", "SET", "maxmemory", 1);
  try {
    await expect(one.log.intend("t", "r", "o", INTENT)).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(one.log.open({ ...START, runId: "other" })).rejects.toMatchObject({
      code: "store_unavailable",
    });
    await one.log.settle("t", "r", "o", 0, { state: "applied", value: 1 });
    await one.log.close("t", "r", "o", { at: 5 });
  } finally {
    await one.link.command("CONFIG", "SET", "maxmemory", 0);
  }
  expect(await one.log.read("t", "r")).toMatchObject({
    state: "closed",
    end: { at: 5 },
    calls: [{ outcome: { state: "applied", value: 1 } }, { outcome: { state: "unknown" } }],
  });
  expect((await one.log.list("t")).runs).toHaveLength(1);
  expect(
    Number(
      await one.link.command(
        "PTTL",
        ((await one.link.command("KEYS", `${one.prefix}:*run:*`)) as string[])[0]!,
      ),
    ),
  ).toBeGreaterThan(DAY);
});

test("a long run that is forgotten and begun anew while it is read is not waited for", async () => {
  await using one = await openLog();
  const link: RedisLink = {
    ...one.link,
    reading(source) {
      const script = one.link.reading(source);
      return async (keys, args) => {
        if (Number(args[1]) > 0) {
          await one.link.command("DEL", keys[0]!);
          await one.log.open(START);
        }
        return await script(keys, args);
      };
    },
  };
  await one.log.open(START);
  const args = { text: "x".repeat(2_500_000) };
  for (let calls = 0; calls < 3; calls += 1) await one.log.intend("t", "r", "o", { ...INTENT, args });
  expect((await one.log.read("t", "r"))?.calls).toHaveLength(3);
  expect(await createRedisExecutionLog({ link, clock: one.clock }).read("t", "r")).toBeUndefined();
});
