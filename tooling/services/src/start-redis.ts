import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDebianPackages } from "./ensure-debian-packages.ts";
import { freePorts } from "./free-port.ts";
import { startRedisProcess, type RedisProcess } from "./redis-process.ts";

/** A Redis server on loopback that nobody else uses. */
export interface PrivateRedis extends RedisProcess, AsyncDisposable {
  /** `redis://127.0.0.1:<port>`. */
  readonly url: string;
  /** Ends it and removes its files. Idempotent. */
  stop(): Promise<void>;
}

/** Settings of a {@link startRedis}. */
export interface RedisServerOptions {
  /** Options as in redis.conf, over: no snapshots, no append-only file. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Starts Debian's redis-server on a free port of loopback, and waits until it answers. Installs the package where it may. */
export async function startRedis({ config = {} }: RedisServerOptions = {}): Promise<PrivateRedis> {
  await ensureDebianPackages(["redis-server"]);
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-redis-"));
  const [port] = (await freePorts(1)) as [number];
  const server = await startRedisProcess(
    port,
    redisArguments({ ...config, port: String(port), dir: folder }),
  ).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const stop = async (): Promise<void> => {
    await server.end();
    await rm(folder, { recursive: true, force: true });
  };
  return Object.assign(server, { url: `redis://127.0.0.1:${port}`, stop, [Symbol.asyncDispose]: stop });
}

type RedisConfig = Readonly<Record<string, string>>;

/** The arguments of a `redis-server` on loopback. */
export const redisArguments = (config: RedisConfig): string[] =>
  settingsOf(config).flatMap(([name, value]) => [`--${name}`, value]);

/** The same as a file. */
export const redisConfig = (config: RedisConfig): string =>
  settingsOf(config)
    .map(([name, value]) => `${name} ${value === "" ? `""` : value}\n`)
    .join("");

const settingsOf = (config: RedisConfig): [name: string, value: string][] =>
  Object.entries({ bind: "127.0.0.1", save: "", appendonly: "no", ...config });
