import { readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock, type OptimizerOptions } from "@mcp-optimizer/core";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { createManualClock, LOG_START } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ContextManager, openState, SessionManager, type State } from "../../src/index.ts";
import { stateFolder } from "../state-folder.ts";

let redis: PrivateRedis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

const PLACES: Readonly<Record<State["kind"], () => string>> = {
  memory: () => "memory",
  sqlite: stateFolder,
  redis: () => redis.url,
};
const session = { tenant: "t", id: "s", principal: "p", data: { a: 1 }, ttlMs: 60_000 };
const scope = { tenant: "t", session: "s", namespace: "n" };
const learned = { server: "a", tool: "b", definition: "d", seen: 1, type: null };
const spent = {
  tenant: "t",
  at: Date.now(),
  part: "search",
  subject: "",
  count: 1,
  tokens: 7,
  estimated: 0,
} as const;

/** Writes something to each store, and gives back what reads it. */
async function fill(state: State): Promise<(state: State) => Promise<unknown[]>> {
  await state.executionLog.open(LOG_START);
  const handle = await state.vault.put("t", { kind: "text", text: "kept", sources: ["a"] });
  await state.ledger.append([spent]);
  await state.learnedTypes.update("t", "a", "b", () => learned);
  await state.contextStore.set(scope, "k", [1], { ttlMs: 60_000, limitBytes: 1_000 });
  await state.responseCache.put("k", "text", 60_000);
  for (const name of ["sessionStore", "runStatus", "transportSessions", "tasks"] as const)
    await state[name].create({ ...session, principal: name });
  return async (read) => [
    (await read.executionLog.read("t", "r"))?.program,
    await read.vault.get("t", handle),
    await read.responseCache.get("k"),
    (await read.ledger.sum({ tenant: "t" }))[0]?.tokens,
    await read.learnedTypes.list("t"),
    await read.contextStore.get(scope, "k"),
    (await read.sessionStore.get("t", "s"))?.principal,
    (await read.runStatus.get("t", "s"))?.principal,
    (await read.transportSessions.get("t", "s"))?.principal,
    (await read.tasks.get("t", "s"))?.principal,
  ];
}
const FILLED = [
  "p",
  { kind: "text", text: "kept", sources: ["a"] },
  "text",
  7,
  [learned],
  [1],
  "sessionStore",
  "runStatus",
  "transportSessions",
  "tasks",
];

describe.each(["memory", "sqlite", "redis"] as const)("%s", (kind) => {
  test("has every store", async () => {
    await using state = await openState({ place: PLACES[kind](), prefix: "every" });
    expect(state.kind).toBe(kind);
    const read = await fill(state);
    expect(await read(state)).toEqual(FILLED);
    const heard: string[] = [];
    const stop = await state.bulletin.subscribe("a", { onNews: (text) => void heard.push(text) });
    await state.bulletin.publish("a", "news");
    await expect.poll(() => heard).toEqual(["news"]);
    await stop();
  });
});

test.each(["memory", "sqlite", "redis"] as const)(
  "%s: what a listener throws is logged, and others hear the news",
  async (kind) => {
    const messages: string[] = [];
    const log = ({ message }: { readonly message: string }): void => void messages.push(message);
    await using state = await openState({ place: PLACES[kind](), prefix: "listeners" }, { log });
    const heard: string[] = [];
    const fails = (): never => {
      throw new Error("no");
    };
    await state.bulletin.subscribe("a", { onNews: fails });
    await state.bulletin.subscribe("a", { onNews: (text) => void heard.push(text) });
    await state.bulletin.publish("a", "news");
    await expect.poll(() => heard).toEqual(["news"]);
    expect(messages).toHaveLength(1);
  },
);

test("its members are options of an optimizer", async () => {
  await using state = await openState({ place: "memory" });
  const options: Partial<OptimizerOptions> = state;
  expect(options.contextStore).toBe(state.contextStore);
});

test.each(["sqlite", "redis"] as const)("%s is shared by those who open it", async (kind) => {
  const place = PLACES[kind]();
  await using one = await openState({ place, prefix: "shared" });
  await using other = await openState({ place, prefix: "shared" });
  const read = await fill(one);
  expect(await read(other)).toEqual(FILLED);
  await other.sessionStore.update("t", "s", 1, { a: 2 });
  await expect(one.sessionStore.update("t", "s", 1, {})).rejects.toMatchObject({ code: "conflict" });
});

test("Redis has what many processes need beside, each prefix for itself", async () => {
  await using one = await openState({ place: redis.url, prefix: "a" });
  await using other = await openState({ place: redis.url, prefix: "a" });
  await using apart = await openState({ place: redis.url, prefix: "b" });
  expect(one.approvalSecret).toMatch(/^[\w-]{32,}$/);
  expect(other.approvalSecret).toBe(one.approvalSecret);
  expect(apart.approvalSecret).not.toBe(one.approvalSecret);
  const back = await one.runPlaces!.take("t", 1, 60_000);
  expect(await other.runPlaces!.take("t", 1, 60_000)).toBeUndefined();
  await back!();
  const windows = [one, other].map((state) => state.rateWindows!({ name: "w", amount: 2, seconds: 60 }));
  expect(await windows[0]!.take("k", 2)).toBe(0);
  expect(await windows[1]!.take("k", 1)).toBeGreaterThan(0);
  expect(await one.programStore!.list()).toEqual([]);
  expect(await other.redis!.command("PING")).toBe("PONG");
});

test("of two machines on one Redis, one whose clock is wrong takes nothing from the other", async () => {
  const [place, hour] = [redis.url, 3_600_000];
  const ahead = { ...systemClock, now: () => Date.now() + 48 * hour };
  await using one = await openState({ place, prefix: "clocks" });
  await using other = await openState({ place, prefix: "clocks" }, { clock: ahead });
  const read = await fill(one);
  expect(await read(other)).toEqual(FILLED);
  await expect(other.executionLog.open({ ...LOG_START, owner: "other" })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await other.sessionStore.takeExpired(10)).toEqual([]);
  expect((await other.sessionStore.list("t")).sessions).toHaveLength(1);
  await using context = new ContextManager({ backend: "redis", url: place, prefix: "clocks-m" });
  await using wrong = new ContextManager({ backend: "redis", url: place, prefix: "clocks-m", clock: ahead });
  await context.set("k", 1);
  expect(await wrong.get("k")).toBe(1);
});

test("the managers find what is in a place, and Redis away is told", async () => {
  await using context = new ContextManager({ backend: "redis", url: redis.url, prefix: "m", tenant: "t" });
  await using sessions = new SessionManager({ url: redis.url, prefix: "m", tenant: "t" });
  await context.set("k", { a: 1 });
  expect(await context.get("k")).toEqual({ a: 1 });
  const { id } = await sessions.create(undefined, { n: 1 });
  await using state = await openState({ place: redis.url, prefix: "m" });
  expect(await state.sessionStore.get("t", id)).toMatchObject({ data: { n: 1 } });
  const away = new ContextManager({ backend: "redis", url: "redis://:s3cret@127.0.0.1:1" });
  await expect(away.get("k")).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.not.stringContaining("s3cret") as string,
  });
  await expect(openState({ place: "redis://a,b" })).rejects.toMatchObject({ code: "config_invalid" });
});

test("what is closed is closed, and so is what could not be opened whole", async () => {
  const folder = stateFolder();
  const open = (): string[] =>
    readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        const path = readlinkSync(`/proc/self/fd/${fd}`);
        return path.startsWith(folder) ? [path] : [];
      } catch {
        return [];
      }
    });
  const state = await openState({ place: folder }, { clock: createManualClock() });
  await fill(state);
  expect(open()).not.toEqual([]);
  await state.dispose();
  await state.dispose();
  expect(open()).toEqual([]);
  await expect(state.contextStore.size("t", "s")).rejects.toMatchObject({ code: "store_unavailable" });
  writeFileSync(join(folder, "state.db"), "something else ".repeat(500));
  await expect(openState({ place: folder })).rejects.toMatchObject({ code: "store_unavailable" });
  expect(open()).toEqual([]);
});
