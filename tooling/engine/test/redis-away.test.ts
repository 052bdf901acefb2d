import { randomUUID } from "node:crypto";
import {
  createRedisBulletin,
  createRedisContextStore,
  createRedisExecutionLog,
  createRedisResultVault,
  createRedisSessionStore,
  openRedisLink,
} from "@mcp-optimizer/context-redis";
import { systemClock } from "@mcp-optimizer/core";
import { startRedis } from "@mcp-optimizer/services";
import { expect, test } from "vitest";
import { call, openEngine } from "./open-engine.ts";

const SERVERS = { notes: [{ name: "read", answer: () => "a" }] };
const MUCH = "return Array.from({ length: 3000 }, (_, index) => index)";

test("without Redis a result is not kept and a run is not begun, both say so, and all works again by itself", async () => {
  await using redis = await startRedis();
  await using link = await openRedisLink({ url: redis.url, commandMs: 300 });
  const vault = createRedisResultVault({ link, randomId: () => randomUUID() });
  const executionLog = createRedisExecutionLog({ link });
  const { optimizer: keeping } = await openEngine({ servers: SERVERS, vault });
  const { optimizer: noting } = await openEngine({ servers: SERVERS, executionLog });
  const { handle } = await keeping.run({ code: MUCH });
  const open = { code: `return (await vault.open(${JSON.stringify(handle)})).length` };
  expect((await keeping.run(open)).value).toBe(3_000);
  await redis.crash();

  const lost = await keeping.run({ code: MUCH });
  expect(lost.error).toBeUndefined();
  expect(lost.handle).toBeUndefined();
  expect(lost.omitted.at(-1)).toBe("the rest could not be kept");
  expect((await keeping.run(open)).error).toMatchObject({ code: "store_unavailable" });
  await expect(noting.run({ code: "return 1" })).rejects.toMatchObject({ code: "store_unavailable" });

  await redis.restart();
  const again = async (): Promise<unknown> => (await keeping.run({ code: MUCH })).handle;
  await expect.poll(again, { timeout: 10_000 }).toBeDefined();
  expect((await noting.run({ code: "return await notes.read({})" })).value).toBe("a");
});

test("a run that was under way when Redis went away is answered where it is, and an engine without Redis closes", async () => {
  await using redis = await startRedis();
  await using link = await openRedisLink({ url: redis.url, commandMs: 300 });
  const clock = systemClock;
  const begun = Promise.withResolvers<void>();
  const reply = Promise.withResolvers<string>();
  const sessions = (name: string) => createRedisSessionStore({ link, clock, name });
  const { optimizer } = await openEngine({
    servers: { slow: [{ name: "work", answer: () => (begun.resolve(), reply.promise) }] },
    policy: { effects: { "slow.work": "read" } },
    foregroundSeconds: 0.2,
    clock,
    executionLog: createRedisExecutionLog({ link }),
    contextStore: createRedisContextStore({ link, clock }),
    sessionStore: sessions("sessions"),
    runStatus: sessions("runs"),
    bulletin: createRedisBulletin({ link }),
  });
  const code = "await session.set('n', 1); return await slow.work({})";
  const { text } = await call(optimizer, "run_code", { code });
  const { running: run } = JSON.parse(text) as { running: string };
  expect(run).toMatch(/^r_/);
  const elsewhere = await openEngine({
    servers: SERVERS,
    clock,
    executionLog: createRedisExecutionLog({ link }),
    runStatus: sessions("runs"),
    bulletin: createRedisBulletin({ link }),
  });
  const waiting = call(elsewhere.optimizer, "run_code", { run });
  const looking = call(optimizer, "run_code", { run }, { untilDone: true });
  await begun.promise;
  await redis.crash();
  reply.resolve("done");
  expect(JSON.parse((await looking).text)).toMatchObject({ value: "done" });
  expect((await call(elsewhere.optimizer, "run_code", { run: "r_other" })).text).toMatch(
    /^store_unavailable: /,
  );
  await elsewhere.optimizer.dispose();
  expect((await waiting).text).toMatch(/store_unavailable|still running/);
  await optimizer.dispose();
}, 15_000);
