import { openRedisLink, type RedisLink } from "@mcp-optimizer/context-redis";
import type { RunQueue } from "@mcp-optimizer/contracts";
import { systemClock as clock } from "@mcp-optimizer/core";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createBullRunQueue, type BullRunQueueOptions } from "../src/index.ts";
import { queueKeys } from "../src/queue-keys.ts";
import { GIVE_BACK, TAKE } from "../src/worker-scripts.ts";

let redis: PrivateRedis;
let link: RedisLink;

beforeAll(async () => {
  redis = await startRedis();
  link = await openRedisLink({ url: redis.url });
});

afterAll(async () => {
  await link?.dispose();
  await redis?.stop();
});

const job = (n: number, tenant = "t") => ({ tenant, runId: `r${n}`, same: `s${n}`, work: { n } });
const ONE = { concurrency: 1, languages: [] } as const;
function open(more: Partial<BullRunQueueOptions>): RunQueue {
  const queue = createBullRunQueue({ link, clock, ...more });
  onTestFinished(() => queue.dispose());
  return queue;
}
const keysOf = async (name: string): Promise<string[]> =>
  (await link.command("KEYS", link.key("queue", name, "*"))) as string[];

test("jobs that are done leave nothing, whatever their tenants are called", async () => {
  const queue = open({ name: "left" });
  await queue.work(async ({ tenant }) => ({ tenant }), { concurrency: 8, languages: [] });
  await queue.run(job(0));
  const before = await vi.waitFor(async () => {
    const keys = await keysOf("left");
    expect(keys.filter((key) => key.includes("job") || key.includes("run:"))).toEqual([]);
    return keys.length;
  });
  const names = [
    "{a}",
    "}{",
    "a:b",
    "__proto__",
    "constructor",
    "*",
    "\u0000\r\n",
    "%7b",
    "x".repeat(10_000),
    "",
  ];
  const tenants = names.flatMap((name) => [name, name, `${name}:waiting`]);
  const answers = await Promise.all(tenants.map((tenant, n) => queue.run(job(n + 1, tenant))));
  expect(answers).toEqual(tenants.map((tenant) => ({ tenant })));
  await vi.waitFor(async () => expect((await keysOf("left")).length).toBeLessThanOrEqual(before + 1));
});

test("a queue that was disposed of opens no connection any more, whatever was under way", async () => {
  let opened = 0;
  const admitting = Promise.withResolvers<void>();
  const counted = {
    ...link,
    blockingClient() {
      opened += 1;
      return link.blockingClient();
    },
    subscribe: async (...asked: Parameters<RedisLink["subscribe"]>) => {
      await admitting.promise;
      return await link.subscribe(...asked);
    },
  };
  const queue = createBullRunQueue({ link: counted, clock, name: "closed" });
  const running = queue.run(job(1));
  const refused = expect(running).rejects.toMatchObject({ code: "shutting_down" });
  await queue.dispose();
  admitting.resolve();
  await refused;
  await expect(queue.status()).rejects.toMatchObject({ code: "shutting_down" });
  await expect(queue.work(async () => ({}), ONE)).rejects.toMatchObject({ code: "shutting_down" });
  expect(opened).toBe(0);
});

test("a job that comes back to the worker that lost it ends there where it was, and is another attempt", async () => {
  const queue = open({ name: "back", lockMs: 500 });
  const attempts: { readonly takeOver: boolean; readonly signal: AbortSignal }[] = [];
  const firstEnded = Promise.withResolvers<void>();
  await queue.work(
    async (_job, attempt) => {
      attempts.push(attempt);
      const { promise, resolve } = Promise.withResolvers<void>();
      attempt.signal.addEventListener("abort", () => resolve());
      await promise;
      if (attempts[0] === attempt) firstEnded.resolve();
      return { attempt: attempts.indexOf(attempt) };
    },
    { concurrency: 2, languages: [] },
  );
  const abort = new AbortController();
  const running = queue.run(job(1), { signal: abort.signal });
  await vi.waitFor(() => expect(attempts).toHaveLength(1), { timeout: 10_000 });
  // The whole process stands still.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
  await vi.waitFor(() => expect(attempts).toHaveLength(2), { timeout: 20_000 });
  await firstEnded.promise;
  expect(attempts.map(({ takeOver }) => takeOver)).toEqual([false, true]);
  abort.abort();
  expect(await running).toEqual({ attempt: 1 });
});

test("a job that is over does not wait again where one that stood still gives it back", async () => {
  const keys = queueKeys(link, "over");
  const giveBack = link.writing(GIVE_BACK);
  for (const [id, over] of [
    ["gone.10", ["gone", "1"]],
    ["done.10", ["answer", "{}"]],
    ["lost.10", []],
  ] as const) {
    await link.command("HSET", keys.job(id), "tag", "1", "taken", "1", "by", "me", ...over);
    await giveBack([keys.job(id), ...keys.waitingOf("t")], ["1", id, 60_000]);
  }
  expect(await link.command("ZRANGE", keys.waiting, "0", "-1")).toEqual(["lost.10"]);
});

test("a job that comes while its worker leaves is given back, too", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const slow = {
    ...link,
    writing(source: string) {
      const script = link.writing(source);
      if (source !== TAKE) return script;
      return async (...what: Parameters<typeof script>) => {
        asked.resolve();
        await answer.promise;
        return await script(...what);
      };
    },
  };
  const leaving = open({ name: "leaving", link: slow });
  const worker = await leaving.work(async (_job, { signal }) => {
    if (!signal.aborted)
      await new Promise((resolve) => {
        signal.addEventListener("abort", resolve);
      });
    return {};
  }, ONE);
  const queue = open({ name: "leaving" });
  const running = queue.run(job(1));
  await asked.promise;
  const closed = worker.close();
  // It is told to leave when nothing more is done in the time that it has: none.
  await new Promise((resolve) => setImmediate(resolve));
  answer.resolve();
  await queue.work(async (_job, { takeOver }) => ({ takeOver }), ONE);
  expect(await running).toEqual({ takeOver: true });
  await closed;
}, 10_000);
