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

/** Clients that have a run each in flight. */
export const CLIENTS = 8;
const MOST = 3;
const REPEATS = 5;
const REPEAT_MS = 2_000;

/**
 * Measures one, two and three processes: each client counts in a session of its own, and its requests go to all of them by turns. All three have
 * started before, and they are measured by turns, so that what else the machine does is the same for all.
 */
export async function measureInstances(signal: AbortSignal): Promise<InstanceFigures[]> {
  await using redis = await startRedis({ config: { appendonly: "yes", appendfsync: "everysec" } });
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-bench-"));
  try {
    const config = join(folder, "mcp.json");
    const optimizer = { state: redis.url, features: { executionMode: "code_execution" } };
    // A server has to be there; none of its tools is called.
    await writeFile(config, JSON.stringify({ mcpServers: { everything: EVERYTHING }, optimizer }));
    await using served = await startInstances(config, MOST);
    const urls = served.instances.map(({ address }) => new URL(`http://${address}/mcp`));
    const measured = Array.from({ length: MOST }, () => ({
      rates: [] as number[],
      p95s: [] as number[],
    }));
    // The first is a rehearsal.
    for (let repeat = 0; repeat <= REPEATS; repeat++) {
      for (const [index, { rates, p95s }] of measured.entries()) {
        signal.throwIfAborted();
        const times = await work(urls.slice(0, index + 1));
        if (repeat === 0) continue;
        rates.push(rounded((times.length * 1_000) / REPEAT_MS));
        p95s.push(rounded(quantile(times, 0.95)));
      }
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

/** Lets clients work for a while; how long each run took, sorted. */
async function work(urls: readonly URL[]): Promise<number[]> {
  const sessions = Array.from({ length: CLIENTS }, (_, client) => openCountingSession(urls, client));
  const clients = await Promise.all(sessions);
  const end = performance.now() + REPEAT_MS;
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
  return times.sort((one, other) => one - other);
}
