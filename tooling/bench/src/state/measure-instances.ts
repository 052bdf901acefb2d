import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startInstances, startRedis } from "@mcp-optimizer/services";
import { EVERYTHING } from "../sandbox/engine/program.ts";
import { openCountingSession } from "./counting-session.ts";
import { median, quantile, rounded } from "./quantile.ts";

/** How much several processes of `serve --http` do on one Redis. */
export interface InstanceFigures {
  readonly instances: number;
  /** Runs in a second, with several clients. */
  readonly runsPerSecond: number;
  readonly p95Ms: number;
  /** Lowest and highest of the repeats. */
  readonly spread: {
    readonly runsPerSecond: readonly [number, number];
    readonly p95Ms: readonly [number, number];
  };
}

/** What clients do. */
export interface InstanceLoad {
  /** Clients that have a run each in flight. */
  readonly clients: number;
  /** Milliseconds that a tool which each program calls lets it wait. 0: no tool is called. */
  readonly upstreamMs: number;
}

const MOST = 3;
const REPEATS = 5;
/** The first is a rehearsal. */
const ROUNDS = REPEATS + 1;
const REPEAT_MS = 2_000;
/** A repeat is longer by so many waits. */
const WAITS = 4;

/**
 * Measures one, two and three processes: each client counts in a session of its own, and its requests go to all of them by turns. All three have
 * started before.
 */
export async function measureInstances(load: InstanceLoad, signal: AbortSignal): Promise<InstanceFigures[]> {
  await using redis = await startRedis({ config: { appendonly: "yes", appendfsync: "everysec" } });
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-bench-"));
  try {
    const config = join(folder, "mcp.json");
    const optimizer = { state: redis.url, features: { executionMode: "code_execution" } };
    await writeFile(config, JSON.stringify({ mcpServers: { everything: EVERYTHING }, optimizer }));
    await using served = await startInstances(config, MOST);
    const urls = served.instances.map(({ address }) => new URL(`http://${address}/mcp`));
    const measured = Array.from({ length: MOST }, () => ({
      rates: [] as number[],
      p95s: [] as number[],
    }));
    // By turns, so that what else the machine does is the same for all. Guests beyond a few end when idle: with waits, each number is measured to its end.
    const turns = Array.from({ length: ROUNDS * MOST }, (_, turn) =>
      load.upstreamMs === 0 ? turn % MOST : Math.floor(turn / ROUNDS),
    );
    const rehearsed = new Set<number>();
    for (const index of turns) {
      signal.throwIfAborted();
      const { times, tookMs } = await work(urls.slice(0, index + 1), load);
      if (!rehearsed.has(index)) {
        rehearsed.add(index);
        continue;
      }
      const { rates, p95s } = measured[index]!;
      rates.push(rounded((times.length * 1_000) / tookMs));
      p95s.push(rounded(quantile(times, 0.95)));
    }
    return measured.map(({ rates, p95s }, index) => ({
      instances: index + 1,
      runsPerSecond: median(rates),
      p95Ms: median(p95s),
      spread: {
        runsPerSecond: [Math.min(...rates), Math.max(...rates)],
        p95Ms: [Math.min(...p95s), Math.max(...p95s)],
      },
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets clients work for a while; how long each run took, sorted, and how long all took. */
async function work(
  urls: readonly URL[],
  { clients: count, upstreamMs }: InstanceLoad,
): Promise<{ times: number[]; tookMs: number }> {
  const wait = JSON.stringify({ duration: upstreamMs / 1_000, steps: 1 });
  const before = upstreamMs === 0 ? "" : `await everything["trigger-long-running-operation"](${wait});`;
  // Each has run once then, so that guests have started.
  const sessions = Array.from({ length: count }, (_, place) => openCountingSession(urls, { place, before }));
  const clients = await Promise.all(sessions);
  const start = performance.now();
  const end = start + REPEAT_MS + WAITS * upstreamMs;
  const times: number[] = [];
  await Promise.all(
    clients.map(async (count) => {
      while (performance.now() < end) {
        const from = performance.now();
        await count();
        times.push(performance.now() - from);
      }
    }),
  );
  return { times: times.sort((one, other) => one - other), tookMs: performance.now() - start };
}
