import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RedisProcess } from "./redis-process.ts";

/** Several servers on loopback that are one Redis, and that nobody else uses. */
export interface PrivateRedisGroup extends AsyncDisposable {
  /** As `openRedisLink` takes it. */
  readonly url: string;
  /** All servers that keep data. */
  readonly servers: readonly RedisProcess[];
  /** The server that writes a key at present, as the others that can be asked see it. */
  primary(key: string): Promise<RedisProcess>;
  /** Resolves when another server than this one writes a key. Rejects after 30 seconds. */
  failedOver(from: RedisProcess, key: string): Promise<RedisProcess>;
  /** Resolves when every server is a replica that has all, or a primary that has one. Sentinels take some ten seconds to make a former primary follow. */
  whole(): Promise<void>;
  /** Ends all and removes their files. Idempotent. */
  stop(): Promise<void>;
}

/** What starts a group. */
export interface RedisGroupParts {
  readonly url: string;
  readonly servers: readonly RedisProcess[];
  /** Servers that keep no data. */
  readonly watchers?: readonly RedisProcess[];
  readonly primary: (key: string) => Promise<RedisProcess | undefined>;
}

const LIMIT_MS = 30_000;
const FOLLOWS = /role:slave[^]*master_link_status:up/;
const IS_FOLLOWED = /role:master[^]*state=online/;

/** Starts a group with a folder for its files; what was started is ended when the rest cannot be. */
export async function startRedisGroup(
  name: string,
  start: (folder: (port: number) => Promise<string>, started: RedisProcess[]) => Promise<RedisGroupParts>,
): Promise<PrivateRedisGroup> {
  const root = await mkdtemp(join(tmpdir(), `mcp-optimizer-${name}-`));
  const started: RedisProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.end()));
    await rm(root, { recursive: true, force: true });
  };
  const folder = async (port: number): Promise<string> => {
    const path = join(root, String(port));
    await mkdir(path);
    return path;
  };
  try {
    const { url, servers, primary } = await start(folder, started);
    return {
      url,
      servers,
      primary: (key) => until(() => primary(key)),
      failedOver: (from, key) =>
        until(async () => {
          const now = await primary(key);
          return now === from ? undefined : now;
        }),
      async whole() {
        await until(async () => {
          const states = await Promise.all(servers.map((server) => server.ask("info", "replication")));
          return states.every((state) => FOLLOWS.test(state) || IS_FOLLOWED.test(state)) ? true : undefined;
        });
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Asks until there is an answer, at most 30 seconds. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("The servers of Redis did not agree in time");
    await pause(50);
  }
}
