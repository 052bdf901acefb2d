import { openRedisLink, type RedisClient, type RedisLink } from "@mcp-optimizer/context-redis";
import type { JobHandler } from "@mcp-optimizer/contracts";
import { systemClock as clock } from "@mcp-optimizer/core";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createBullRunQueue, type BullRunQueueOptions } from "../src/index.ts";
import { startChild } from "./fixtures/start-child.ts";

let redis: PrivateRedis;
let link: RedisLink;
let places = 0;

beforeAll(async () => {
  redis = await startRedis({ config: { appendonly: "yes", appendfsync: "always" } });
  link = await openRedisLink({ url: redis.url, commandMs: 500 });
});

afterAll(async () => {
  await link?.dispose();
  await redis?.stop();
});

function place() {
  places += 1;
  const name = `place-${places}`;
  return (more: Partial<BullRunQueueOptions> = {}) => {
    const queue = createBullRunQueue({ link, clock, name, ...more });
    onTestFinished(() => queue.dispose());
    return queue;
  };
}
const job = (n: number) => ({ tenant: "t", runId: `r${n}`, same: `s${n}`, work: { n } });
const echo: JobHandler = async ({ work }) => ({ work });
const ONE = { concurrency: 1, languages: [] } as const;

test("a job that waits outlives a Redis that is restarted, and workers find it again", async () => {
  const open = place();
  const queue = open({ maxWaitMs: 60_000 });
  const worker = await open().work(echo, ONE);
  await queue.run(job(0));
  await worker.close();
  const waiting = queue.run(job(1));
  await vi.waitFor(async () => expect((await queue.status()).waiting).toBe(1), { timeout: 5_000 });
  const idle = place()();
  await idle.work(echo, ONE);
  await redis.restart();
  await open().work(echo, ONE);
  expect(await waiting).toEqual({ work: { n: 1 } });
  // Workers that waited meanwhile go on, too.
  expect(await idle.run(job(2))).toEqual({ work: { n: 2 } });
});

test("a worker whose connection hears nothing any more opens another", async () => {
  places += 1;
  let opened = 0;
  const deaf = {
    ...link,
    blockingClient() {
      opened += 1;
      const client = link.blockingClient() as Exclude<RedisClient, { nodes: unknown }>;
      if (opened > 1) return client;
      const duplicate = client.duplicate.bind(client);
      // BullMQ waits for jobs on a connection of its own.
      client.duplicate = (...options) =>
        Object.assign(duplicate(...options), { bzpopmin: () => new Promise<never>(() => {}) });
      return client;
    },
  };
  const name = `place-${places}`;
  const worker = createBullRunQueue({ link: deaf, clock, name, lockMs: 900 });
  onTestFinished(() => worker.dispose());
  const queue = createBullRunQueue({ link, clock, name });
  onTestFinished(() => queue.dispose());
  await worker.work(echo, ONE);
  // What waits when it begins, it sees.
  await queue.run(job(1)).catch(() => undefined);
  expect(await queue.run(job(2))).toEqual({ work: { n: 2 } });
  expect(opened).toBeGreaterThan(1);
});

test("while Redis is away fronts are told so, those who wait after a while", async () => {
  const queue = place()({ awayMs: 1_000, maxWaitMs: 60_000 });
  const waiting = expect(queue.run(job(1))).rejects.toMatchObject({
    code: "store_unavailable",
    data: { run: "r1" },
  });
  await vi.waitFor(async () => expect((await queue.status()).waiting).toBe(1), { timeout: 5_000 });
  await redis.crash();
  try {
    await expect(queue.run(job(2))).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(queue.status()).rejects.toMatchObject({ code: "store_unavailable" });
    await waiting;
  } finally {
    await redis.restart();
  }
});

test("a worker that is told to end while Redis is away ends", { timeout: 60_000 }, async () => {
  await using own = await startRedis();
  const child = startChild("plain-worker.ts", [own.url, "ending", "", ""]);
  onTestFinished(() => child.kill());
  await child.said;
  await own.crash();
  child.signal("SIGTERM");
  await child.ended;
});

test("what could not connect once is opened anew, on both sides", async () => {
  let refused = 0;
  const refusing = {
    ...link,
    blockingClient() {
      const client = link.blockingClient();
      refused += 1;
      if (refused <= 2) client.connect = () => Promise.reject(new Error("Connection is closed."));
      return client;
    },
  };
  const queue = place()({ link: refusing });
  await expect(queue.status()).rejects.toMatchObject({ code: "store_unavailable" });
  await expect(queue.work(echo, ONE)).rejects.toMatchObject({ code: "store_unavailable" });
  await queue.work(echo, ONE);
  expect(await queue.run(job(1))).toEqual({ work: { n: 1 } });
  expect((await queue.status()).workers).toBe(1);
});

test("a job that Redis has lost is told of as lost", async () => {
  const queue = place()({ maxWaitMs: 60_000 });
  const waiting = expect(queue.run(job(1))).rejects.toMatchObject({
    code: "store_unavailable",
    data: { lost: true },
  });
  await vi.waitFor(async () => expect((await queue.status()).waiting).toBe(1), { timeout: 5_000 });
  await link.command("FLUSHALL");
  await waiting;
});

test("what a front that died left waiting counts for a while, and is not done after it", async () => {
  const open = place();
  const name = `place-${places}`;
  const times = { maxWaitMs: 400, slackMs: 0, maxWaiting: 1 };
  const dead = open(times);
  const left = dead.run(job(1)).catch(() => undefined);
  await vi.waitFor(async () => expect((await dead.status()).waiting).toBe(1), { timeout: 5_000 });
  const inBull = () =>
    link.command("ZRANGE", link.key("queue", name, "bull") + ":runs:prioritized", "0", "-1");
  const before = await inBull();
  await dead.dispose();
  await left;
  const queue = open({ ...times, maxWaitMs: 10_000 });
  await expect(queue.run(job(2))).rejects.toMatchObject({ code: "concurrency_limit" });
  let again = queue.run(job(3));
  await vi.waitFor(
    async () => {
      again = again.catch(() => queue.run(job(3)));
      again.catch(() => undefined);
      // Another is there, and that one is not.
      const after = (await inBull()) as string[];
      expect(after).toHaveLength(1);
      expect(after).not.toEqual(before);
    },
    { timeout: 5_000 },
  );
  const done: unknown[] = [];
  await queue.work(async ({ work }) => (done.push(work), {}), ONE);
  await again;
  expect(done).toEqual([{ n: 3 }]);
});
