import { openRedisLink, type RedisLink } from "@mcp-optimizer/context-redis";
import type { JobHandler, JsonObject } from "@mcp-optimizer/contracts";
import { systemClock as clock } from "@mcp-optimizer/core";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createBullRunQueue, LAST_PLACE, type BullRunQueueOptions } from "../src/create-bull-run-queue.ts";
import { ADMIT } from "../src/front-scripts.ts";

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

/** Places that BullMQ has here: 82 turns, and half of them until they begin anew. */
const PLACES = 8_192;
const ONE = { concurrency: 1, languages: [] } as const;
let made = 0;

/** Queues of a name, in a BullMQ that has few places. */
function place(name: string) {
  const writing: RedisLink["writing"] = (source) => {
    const script = link.writing(source);
    return (keys, args) =>
      script(
        keys,
        args.map((one) => (one === LAST_PLACE ? PLACES : one)),
      );
  };
  const few = { ...link, writing };
  const open = (more: Partial<BullRunQueueOptions> = {}) => {
    const queue = createBullRunQueue({ link: few, clock, name, ...more });
    onTestFinished(() => queue.dispose());
    return queue;
  };
  const key = (...parts: readonly string[]): string => link.key("queue", name, ...parts);
  const begin = async (): Promise<number> => Number(await link.command("HGET", key("time"), "from"));
  /** As if so much had been done. */
  const setTime = (at: number): Promise<unknown> => link.command("HSET", key("time"), "at", String(at));
  return { open, few, key, begin, setTime };
}
function job(tenant: string, work: JsonObject = {}) {
  made += 1;
  return { tenant, runId: `r${made}`, same: `s${made}`, work: { ...work, tenant } };
}
/** Does as many jobs as it is let. */
function counted() {
  const began: JsonObject[] = [];
  const waits = new Set<() => void>();
  let left = 0;
  const handler: JobHandler = async ({ work }, { signal }) => {
    began.push(work);
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => {
      waits.delete(resolve);
      resolve();
    });
    waits.add(resolve);
    allow(0);
    await promise;
    return {};
  };
  const allow = (count: number): void => {
    left += count;
    for (const resolve of [...waits].slice(0, left)) {
      left -= 1;
      waits.delete(resolve);
      resolve();
    }
  };
  return { began, handler, allow };
}
const until = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 10_000, interval: 5 });

test("tenants take turns, and nobody is overtaken, however long something waits", async () => {
  const { open, begin } = place("long");
  const queue = open();
  const { began, handler, allow } = counted();
  const running: Promise<unknown>[] = [];
  let hogs = 0;
  const give = async (tenant: string, count: number): Promise<void> => {
    const from = (await queue.status()).waiting;
    for (let one = 0; one < count; one += 1) running.push(queue.run(job(tenant, { n: hogs++ })));
    await until(async () => expect((await queue.status()).waiting).toBe(from + count));
  };
  running.push(queue.run(job("hog", { n: -1 })));
  await queue.work(handler, ONE);
  await until(() => expect(began).toHaveLength(1));
  await give("hog", 10);
  const begins = new Set<number>();
  for (let phase = 0; phase < 7; phase += 1) {
    const before = began.length;
    await give("hog", 20);
    await give("few", 3);
    allow(23);
    await until(() => expect(began).toHaveLength(before + 23));
    const turns = began.slice(before).map(({ tenant }) => tenant);
    expect(turns.filter((tenant) => tenant === "few")).toHaveLength(3);
    expect(turns.lastIndexOf("few")).toBeLessThan(7);
    begins.add(await begin());
  }
  expect(begins.size).toBeGreaterThan(2);
  allow(100);
  await Promise.all(running);
  for (const tenant of ["hog", "few"]) {
    const own = began.filter((work) => work["tenant"] === tenant).map(({ n }) => Number(n));
    expect(own).toEqual(own.toSorted((a, b) => a - b));
  }
});

test("a job that comes into BullMQ after the places began anew has its own all the same", async () => {
  const { open, few, begin, setTime } = place("late");
  const letIn = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const slow = open({
    link: {
      ...few,
      writing(source) {
        const script = few.writing(source);
        if (source !== ADMIT) return script;
        return async (...asked) => {
          const answer = await script(...asked);
          letIn.resolve();
          await goOn.promise;
          return answer;
        };
      },
    },
  });
  const queue = open();
  const { began, handler, allow } = counted();
  await setTime(PLACES / 2 - 50);
  const running = [slow.run(job("late"))];
  await letIn.promise;
  await setTime(PLACES / 2 + 1);
  for (let one = 0; one < 5; one += 1) running.push(queue.run(job("hog")));
  await until(async () => expect((await queue.status()).waiting).toBe(5));
  expect(await begin()).toBe(PLACES / 2 + 1);
  goOn.resolve();
  await until(async () => expect((await queue.status()).waiting).toBe(6));
  // It is confirmed, and with that in its place, before it is let go of.
  await until(async () => {
    const [first] = (await link.command(
      "ZRANGE",
      few.key("queue", "late", "bull") + ":runs:prioritized",
      "0",
      "0",
    )) as string[];
    expect(await link.command("HGET", few.key("queue", "late", "job", first!), "from")).toBe("0");
  });
  allow(6);
  await queue.work(handler, ONE);
  await Promise.all(running);
  expect(began.map(({ tenant }) => tenant)).toEqual(["late", "hog", "hog", "hog", "hog", "hog"]);
});

test("a job that is given back after the places began anew is the next", async () => {
  const { open, begin, setTime } = place("back");
  const queue = open();
  const first = counted();
  await setTime(PLACES / 2 - 50);
  const running = [queue.run(job("back"))];
  const worker = await queue.work(first.handler, ONE);
  await until(() => expect(first.began).toHaveLength(1));
  for (let one = 0; one < 5; one += 1) running.push(queue.run(job("hog")));
  await until(async () => expect((await queue.status()).waiting).toBe(5));
  expect(await begin()).toBe(PLACES / 2 + 50);
  await worker.close(0);
  const next = counted();
  next.allow(6);
  await queue.work(next.handler, ONE);
  await Promise.all(running);
  expect(next.began.map(({ tenant }) => tenant)).toEqual(["back", "hog", "hog", "hog", "hog", "hog"]);
});

test("bytes that wait are those of the jobs that are there, whoever has died", async () => {
  const { open, key } = place("bytes");
  const exact = async (): Promise<number> => {
    const sums: number[] = [];
    for (const [set, sum] of [
      ["waiting", "bytes"],
      ["waiting-of", "bytes-of"],
    ] as const) {
      const of = set === "waiting" ? [] : ["t"];
      const ids = (await link.command("ZRANGE", key(set, ...of), "0", "-1")) as string[];
      const bytes = Number((await link.command("GET", key(sum, ...of))) ?? 0);
      expect(bytes).toBe(ids.reduce((all, id) => all + Number(id.split(".").at(-1)), 0));
      sums.push(bytes);
    }
    expect(new Set(sums).size).toBe(1);
    return sums[0]!;
  };
  const bounds = { maxWaitingBytes: 2_500 };
  const text = "x".repeat(1_000);
  const dead = open(bounds);
  const left = [dead.run(job("t", { text })), dead.run(job("t", { text }))].map((run) =>
    run.catch(() => undefined),
  );
  await until(async () => expect((await dead.status()).waiting).toBe(2));
  expect(await exact()).toBeGreaterThan(2_000);
  await dead.dispose();
  await Promise.all(left);
  const queue = open(bounds);
  await expect(queue.run(job("t", { text }))).rejects.toMatchObject({
    code: "concurrency_limit",
    data: { limit: "queue.maxWaitingBytes" },
  });
  // As when their time is over.
  for (const id of (await link.command("ZRANGE", key("waiting"), "0", "-1")) as string[]) {
    await link.command("ZADD", key("waiting"), "XX", "1", id);
    await link.command("ZADD", key("waiting-of", "t"), "XX", "1", id);
    await link.command("DEL", key("job", id));
  }
  const given = [queue.run(job("t", { text })), queue.run(job("t"))];
  // What the dead one left is not in BullMQ either.
  await until(async () => expect((await queue.status()).waiting).toBe(2));
  const both = await exact();
  expect(both).toBeGreaterThan(1_000);
  const one = counted();
  const worker = await queue.work(one.handler, ONE);
  await until(() => expect(one.began).toHaveLength(1));
  const second = await exact();
  expect(second).toBeGreaterThan(0);
  expect(second).toBeLessThan(1_000);
  await worker.close(0);
  expect(await exact()).toBe(both);
  one.allow(2);
  await queue.work(one.handler, ONE);
  await Promise.all(given);
  expect(await exact()).toBe(0);
  expect(await link.command("EXISTS", key("bytes"), key("bytes-of", "t"))).toBe(0);
});
