import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRedisContextStore,
  createRedisExecutionLog,
  createRedisSessionStore,
  openRedisLink,
} from "@mcp-optimizer/context-redis";
import {
  createSqliteContextStore,
  createSqliteExecutionLog,
  createSqliteSessionStore,
} from "@mcp-optimizer/context-sqlite";
import {
  createMemoryContextStore,
  createMemoryExecutionLog,
  createMemorySessionStore,
  systemClock as clock,
} from "@mcp-optimizer/core";
import { startRedis } from "@mcp-optimizer/services";
import { Redis } from "ioredis";
import { storesLane, VALUE, type StateContestant, type StateContestantEntry } from "./state-contestant.ts";

const EVERY_SECOND = { appendonly: "yes", appendfsync: "everysec" };
const ALWAYS = { appendonly: "yes", appendfsync: "always" };

/** What is measured, in this order. */
export const STATE_CONTESTANTS: readonly StateContestantEntry[] = [
  { name: "memory", note: "one process, nothing outlasts it", open: openMemory },
  { name: "sqlite", note: "one file; writes of the log are synced", open: openSqlite },
  { name: "redis", note: "on loopback, appendfsync everysec", open: () => openRedis(EVERY_SECOND) },
  { name: "redis-always", note: "on loopback, appendfsync always", open: () => openRedis(ALWAYS) },
  { name: "peer: ioredis", note: "plain SET and GET of 1 KiB, everysec", open: openPeer },
];

async function openMemory(): Promise<StateContestant> {
  const stores = {
    sessions: createMemorySessionStore({ clock }),
    context: createMemoryContextStore({ clock }),
    log: createMemoryExecutionLog({ clock }),
  };
  return { lane: (number) => storesLane(stores, number), [Symbol.asyncDispose]: async () => undefined };
}

async function openSqlite(): Promise<StateContestant> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-bench-"));
  const file = join(folder, "state.db");
  const stores = {
    sessions: await createSqliteSessionStore({ file, clock, name: "sessions" }),
    context: await createSqliteContextStore({ file, clock }),
    log: await createSqliteExecutionLog({ file, clock }),
  };
  return {
    lane: (number) => storesLane(stores, number),
    async [Symbol.asyncDispose]() {
      for (const store of Object.values(stores)) await store.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openRedis(config: Readonly<Record<string, string>>): Promise<StateContestant> {
  const redis = await startRedis({ config });
  const link = await openRedisLink({ url: redis.url });
  const stores = {
    sessions: createRedisSessionStore({ link, clock, name: "sessions" }),
    context: createRedisContextStore({ link, clock }),
    log: createRedisExecutionLog({ link }),
  };
  return {
    lane: (number) => storesLane(stores, number),
    async [Symbol.asyncDispose]() {
      await link.dispose();
      await redis.stop();
    },
  };
}

async function openPeer(): Promise<StateContestant> {
  const redis = await startRedis({ config: EVERY_SECOND });
  const client = new Redis(redis.url);
  return {
    async lane(number) {
      let turn = 0;
      return () => (turn++ % 2 === 0 ? client.set(`key ${number}`, VALUE) : client.get(`key ${number}`));
    },
    async [Symbol.asyncDispose]() {
      client.disconnect();
      await redis.stop();
    },
  };
}
