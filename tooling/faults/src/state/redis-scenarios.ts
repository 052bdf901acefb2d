import { setTimeout as pause } from "node:timers/promises";
import {
  createRedisContextStore,
  createRedisExecutionLog,
  createRedisSessionStore,
  openRedisLink,
  type RedisLink,
} from "@mcp-optimizer/context-redis";
import { systemClock } from "@mcp-optimizer/core";
import {
  startRedis,
  startRedisCluster,
  startRedisSentinel,
  type PrivateRedisGroup,
} from "@mcp-optimizer/services";
import { Acknowledgements } from "./acknowledgements.ts";
import { runLoad } from "./run-load.ts";
import type { StateOutcome, StateScenario, StateScenarioOptions, StateStores } from "./state-scenario.ts";

interface StartedRedis extends AsyncDisposable {
  readonly url: string;
  /** How many servers die in a row, each as soon as it has taken over. Default 1. */
  readonly inARow?: number;
  /** Kills the server that writes, and resolves when there is such a one again. */
  kill(): Promise<void>;
}

const PROCESSES = ["one", "two"];
const KILLS = 2;
/** A service manager would not be faster. */
const DOWN_MS = 300;

/** What each kind of Redis promises, with the settings under which it does. */
export const REDIS_SCENARIOS: readonly StateScenario[] = [
  scenario("redis-single", 0, startSingle),
  scenario("redis-sentinel", 1, () => startGroup(startRedisSentinel)),
  // Each second kill takes the new primary as soon as it is one, while the former one has not joined yet.
  scenario("redis-sentinel-pairs", 2, () => startGroup(startLasting, 2), 4),
  scenario("redis-cluster", 1, () => startGroup(startRedisCluster)),
];

async function startSingle(): Promise<StartedRedis> {
  const redis = await startRedis({ config: { appendonly: "yes", appendfsync: "always" } });
  return {
    url: redis.url,
    async kill() {
      await redis.crash();
      await pause(DOWN_MS);
      await redis.restart();
    },
    [Symbol.asyncDispose]: () => redis.stop(),
  };
}

/** What starts again has what it had: with two faults at once, nothing else may be left. */
const startLasting = (): Promise<PrivateRedisGroup> =>
  startRedisSentinel({ config: { appendonly: "yes", appendfsync: "always" } });

async function startGroup(start: () => Promise<PrivateRedisGroup>, inARow = 1): Promise<StartedRedis> {
  const group = await start();
  let kills = 0;
  return {
    url: group.url,
    inARow,
    async kill() {
      // In a cluster these are of different nodes.
      const key = ["a", "b", "c"][kills % 3]!;
      if (kills++ % inARow === 0) await group.whole();
      const primary = await group.primary(key);
      await primary.crash();
      await group.failedOver(primary, key);
      await primary.restart();
    },
    [Symbol.asyncDispose]: () => group.stop(),
  };
}

function scenario(
  name: string,
  replicas: number,
  start: () => Promise<StartedRedis>,
  usual = KILLS,
): StateScenario {
  return {
    name,
    async run({ kills = usual, ...options }) {
      await using redis = await start();
      return { scenario: name, ...(await underLoad(redis, replicas, { ...options, kills })) };
    },
  };
}

async function underLoad(
  redis: StartedRedis,
  replicas: number,
  { seconds, kills, say }: Required<StateScenarioOptions>,
): Promise<Omit<StateOutcome, "scenario">> {
  const { inARow = 1 } = redis;
  const between = (seconds * 1_000) / (Math.ceil(kills / inARow) + 1);
  const acknowledged = new Acknowledgements();
  const enough = new AbortController();
  const open = (): Promise<RedisLink> => openRedisLink({ url: redis.url, replicas });
  const links = await Promise.all(PROCESSES.map(open));
  const loads = links.map((link, number) =>
    runLoad({
      name: PROCESSES[number]!,
      stores: storesOf(link),
      signal: enough.signal,
      acknowledge: (told) => acknowledged.add(told),
    }),
  );
  try {
    for (let kill = 0; kill < kills; kill++) {
      if (kill % inARow === 0) await pause(between);
      await redis.kill();
      say(`killed ${kill + 1} of ${kills}`);
    }
    await pause(between);
    enough.abort();
    const figures = await Promise.all(loads);
    await using link = await open();
    return {
      operations: figures.reduce((sum, { operations }) => sum + operations, 0),
      errors: figures.reduce((sum, { errors }) => sum + errors, 0),
      lostAcknowledged: await acknowledged.lost(storesOf(link)),
      kills,
      slowestMs: Math.round(Math.max(...figures.map(({ slowestMs }) => slowestMs))),
    };
  } finally {
    enough.abort();
    await Promise.allSettled(loads);
    for (const link of links) await link.dispose();
  }
}

const storesOf = (link: RedisLink): StateStores => ({
  sessions: createRedisSessionStore({ link, clock: systemClock, name: "sessions" }),
  context: createRedisContextStore({ link, clock: systemClock }),
  log: createRedisExecutionLog({ link, maxRuns: 1_000_000, maxBytes: 1024 ** 3 }),
});
