import { setTimeout as pause } from "node:timers/promises";
import { OptimizerError, type BulletinListener, type Log } from "@mcp-optimizer/contracts";
import { channelName, keyName, requirePrefix } from "./key-name.ts";
import { openClient } from "./open-client.ts";
import { parseRedisUrl } from "./parse-redis-url.ts";
import { createListeningClient, createRedisClient, type RedisClient, type RedisUse } from "./redis-client.ts";
import { isLost, isNotDone, redisFault } from "./redis-fault.ts";
import { prepareScript, runScript, type RedisValue } from "./redis-scripts.ts";
import { openRedisSubscriber, type RedisSubscriber } from "./redis-subscriber.ts";

export type { RedisValue } from "./redis-scripts.ts";

/** How a Redis is used. */
export interface RedisLinkOptions {
  /** As `parseRedisUrl` reads it. */
  readonly url: string;
  /** Begins all keys and channels; several optimizers may share a Redis under several. Letters, digits and `.:_-`. Default `mcp-optimizer`. */
  readonly prefix?: string;
  /** Replicas that must have a write before it counts as done; with fewer it rejects. Default 0. */
  readonly replicas?: number;
  /** Milliseconds until whatever is asked rejects. Default 2,000. */
  readonly commandMs?: number;
  /** Certificates for TLS in PEM. Default: those of the machine. */
  readonly ca?: string;
  readonly log?: Log;
}

/** Runs a script as one step. All its keys have the same slot. */
export type RedisScript = (keys: readonly string[], args: readonly RedisValue[]) => Promise<unknown>;

/**
 * A Redis: one server, a primary behind sentinels, or a cluster. Whatever it is asked rejects with `store_unavailable` while it is away. A write
 * that rejected so may have been made, or be made when a server that stands still moves again, or, in a cluster, once writes before it wait for
 * replicas no longer; the link sends none twice, and none later.
 */
export interface RedisLink extends AsyncDisposable {
  /** The name of a key. Keys of one slot are in one node, and may be in one script. */
  key(slot: string, ...parts: readonly string[]): string;
  /** Sends a command. */
  command(name: string, ...args: readonly RedisValue[]): Promise<unknown>;
  /** A script that may be run again when its answer was lost: it reads. */
  reading(source: string): RedisScript;
  /** A script that writes: it resolves when as many replicas have it as were asked for. */
  writing(source: string): RedisScript;
  /** Listens to a channel from when it resolves until the answer is called. */
  subscribe(channel: string, listener: BulletinListener): Promise<() => Promise<void>>;
  /** Publishes to a channel. */
  publish(channel: string, text: string): Promise<void>;
  /** Another connection of the same settings that waits without a limit, for a queue. The caller ends it. */
  blockingClient(): RedisClient;
  dispose(): Promise<void>;
}

/** A blocking command waits at most so long at Redis, or its connection counts as lost. */
const BLOCKING_MS = 30_000;
const RETRY_MS = 25;
/** So many times the time of a request: a connection on which nothing comes for so long is lost. */
const SILENCE = 1.5;
const CLOSED = new OptimizerError("store_unavailable", { detail: "the link to Redis is closed" });

/** Connects to a Redis. Rejects with `config_invalid` for a URL or prefix that is none, with `store_unavailable` when it cannot be used. */
export async function openRedisLink(options: RedisLinkOptions): Promise<RedisLink> {
  const { url, replicas = 0, commandMs = 2_000, ca, log = () => {} } = options;
  const prefix = requirePrefix(options.prefix ?? "mcp-optimizer");
  const address = parseRedisUrl(url);
  let lastError: Error | undefined;
  const clientOptions = (use: RedisUse) => ({
    use,
    silenceMs: use === "blocking" ? BLOCKING_MS : commandMs * SILENCE,
    ...(ca !== undefined && { ca }),
    onError(cause: Error) {
      lastError = cause;
      log({ level: "debug", message: "A connection to Redis failed", cause });
    },
  });
  const client = createRedisClient(address, clientOptions("commands"));
  await openClient(client);
  let leaving = false;
  client.on("ready", () => {
    lastError = undefined;
    leaving = false;
  });
  let closed = false;
  const waiting = new Set<(cause: unknown) => void>();
  let subscriber: Promise<RedisSubscriber> | undefined;

  /** Asks until it is done, refused, or the time is over. A read that may have been done is asked again; a write is not done after that. */
  const asked = async <T>(
    work: (leftMs: () => number) => Promise<T>,
    what: "read" | "write" | "news",
  ): Promise<T> => {
    const end = performance.now() + commandMs;
    const leftMs = (): number => end - performance.now();
    const over = Promise.withResolvers<never>();
    over.promise.catch(() => {});
    const timer = setTimeout(() => {
      // What has come while this process itself stood still is read before.
      setImmediate(() => {
        over.reject((client.status === "ready" ? undefined : lastError) ?? new Error("timed out"));
        // It may stand behind others that wait for replicas, and would be done later. The server drops it with the connection.
        const stands =
          what === "write" && replicas > 0 && waiting.has(over.reject) && client.status === "ready";
        if (!stands || client.isCluster || leaving) return;
        leaving = true;
        client.disconnect(true);
      });
    }, commandMs);
    waiting.add(over.reject);
    try {
      for (;;) {
        if (closed) throw CLOSED;
        try {
          if (client.status === "end") client.connect().catch(() => undefined);
          if (client.status !== "ready") throw new Error("Redis is not connected");
          return await Promise.race([work(leftMs), over.promise]);
        } catch (error) {
          if (closed || (!isNotDone(error) && !(what === "read" && isLost(error)))) throw error;
        }
        await Promise.race([pause(RETRY_MS), over.promise]);
      }
    } catch (cause) {
      throw redisFault(cause);
    } finally {
      clearTimeout(timer);
      waiting.delete(over.reject);
    }
  };
  const script = (source: string, write: boolean): RedisScript => {
    const prepared = prepareScript(source);
    return (keys, args) =>
      asked(
        async (leftMs) => {
          const copies = { replicas: write ? replicas : 0, leftMs };
          try {
            return await runScript(client, prepared, keys, args, copies);
          } catch (error) {
            // A pipeline is not sent to where a slot has moved; a command is, and the client learns of it.
            if (copies.replicas > 0 && isNotDone(error)) await client.exists(keys[0]!).catch(() => 0);
            throw error;
          }
        },
        write ? "write" : "read",
      );
  };
  const openSubscriber = (): Promise<RedisSubscriber> => {
    subscriber ??= openRedisSubscriber({
      connect: () => createListeningClient(address, client, clientOptions("listening")),
      onError: (cause) => log({ level: "warn", message: "A listener to news failed", cause }),
    }).catch((error: unknown) => {
      subscriber = undefined;
      throw error;
    });
    return subscriber;
  };
  const dispose = async (): Promise<void> => {
    closed = true;
    for (const reject of waiting) reject(CLOSED);
    client.disconnect();
    const listening = await subscriber?.catch(() => undefined);
    listening?.dispose();
  };
  return {
    key: (slot, ...parts) => keyName(prefix, slot, parts),
    command: (name, ...args) => asked(() => client.call(name, ...args), "write"),
    reading: (source) => script(source, false),
    writing: (source) => script(source, true),
    async subscribe(channel, listener) {
      let adding: Promise<() => Promise<void>> | undefined;
      try {
        return await asked(() => {
          adding ??= openSubscriber().then((open) => open.add(channelName(prefix, channel), listener));
          return adding;
        }, "news");
      } catch (error) {
        void adding?.then(
          (stop) => stop(),
          () => undefined,
        );
        throw error;
      }
    },
    publish: (channel, text) =>
      asked(async () => void (await client.publish(channelName(prefix, channel), text)), "news"),
    blockingClient: () => createRedisClient(address, clientOptions("blocking")),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
