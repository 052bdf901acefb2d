import { Cluster, Redis, type ClusterOptions, type RedisOptions } from "ioredis";
import type { RedisAddress } from "./parse-redis-url.ts";

/** A client of ioredis. */
export type RedisClient = Redis | Cluster;

/**
 * What a connection is for. `commands`: its caller is told when it is lost, and nothing is sent twice or later. `blocking`: it waits for Redis to
 * come back, and sends again what was not answered, as a queue wants it. `listening`: it ends when it is lost.
 */
export type RedisUse = "commands" | "blocking" | "listening";

/** How a client is made. */
export interface RedisClientOptions {
  readonly use: RedisUse;
  /** Milliseconds of silence, while an answer is due, after which a connection counts as lost. */
  readonly silenceMs: number;
  /** Certificates for TLS in PEM. Default: those of the machine. */
  readonly ca?: string;
  /** Told of what the client itself mends. */
  readonly onError: (cause: Error) => void;
}

type OwnRedisOptions = Omit<RedisOptions, "replyMapping">;
const CONNECT_MS = 2_000;
const CLUSTER_PAUSE_MS = 200;

/** Makes a client that is not connected yet. */
export function createRedisClient(address: RedisAddress, options: RedisClientOptions): RedisClient {
  const { use, onError } = options;
  const shared = sharedOptions(address, options);
  const client =
    address.kind === "cluster"
      ? new Cluster([...address.nodes], clusterOptions(use, shared, address.tls))
      : new Redis({
          ...shared,
          retryStrategy: use === "listening" ? () => null : retryPause,
          ...(address.kind === "single" ? address.nodes[0] : sentinelOptions(address, shared)),
        });
  // Before anybody else hears of an error.
  keepArgumentsSecret(client);
  client.on("error", onError);
  // A cluster tells of its nodes in an event of their own.
  client.on("node error", onError);
  return client;
}

/** An error names its command with all arguments: passwords and what is kept are nothing for a log. Holds for duplicates, too. */
function keepArgumentsSecret(client: RedisClient): void {
  client.on("error", forgetCommand).on("node error", forgetCommand);
  const send = client.sendCommand.bind(client) as Redis["sendCommand"];
  client.sendCommand = (command: Parameters<Redis["sendCommand"]>[0], ...rest: [never?]) => {
    command.promise.catch(forgetCommand);
    return send(command, ...rest);
  };
  const duplicate = client.duplicate.bind(client) as (...options: unknown[]) => RedisClient;
  client.duplicate = (...options: unknown[]): never => {
    const another = duplicate(...options);
    keepArgumentsSecret(another);
    return another as never;
  };
}

function forgetCommand(error: unknown): void {
  if (!(error instanceof Error)) return;
  if ("command" in error) delete error.command;
  if ("lastNodeError" in error) forgetCommand(error.lastNodeError);
}

/** Makes a client that listens. In a cluster every node hears all, so it is one that `known` has found, or else one of the address. */
export function createListeningClient(
  address: RedisAddress,
  known: RedisClient,
  options: RedisClientOptions,
): Redis {
  if (address.kind !== "cluster") return createRedisClient(address, options) as Redis;
  const found = (known as Cluster).nodes().map(({ options: { host, port } }) => ({ host, port }));
  const nodes = [...found, ...address.nodes];
  const { host, port } = nodes[Math.floor(Math.random() * nodes.length)]!;
  const node = { host: host!, port: port! };
  return createRedisClient({ ...address, kind: "single", nodes: [node] }, options) as Redis;
}

const retryPause = (times: number): number => Math.min(25 * 2 ** Math.min(times, 6), 1_000);

function sharedOptions(address: RedisAddress, { use, silenceMs, ca }: RedisClientOptions): OwnRedisOptions {
  const { username, password, database, tls } = address;
  const blocking = use === "blocking";
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: ca === undefined ? {} : { ca } }),
    db: database,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    socketTimeout: silenceMs,
    autoResubscribe: false,
    // What may have been done is not sent again by itself, and what its caller has given up is not sent later.
    autoResendUnfulfilledCommands: blocking,
    enableOfflineQueue: blocking,
    maxRetriesPerRequest: blocking ? null : 0,
    // A primary that was put down is left: nothing was done there.
    reconnectOnError: (error) => (/\bREADONLY\b/.test(error.message) ? (blocking ? 2 : 1) : false),
  };
}

const sentinelOptions = ({ nodes, primary }: RedisAddress, { tls }: OwnRedisOptions) => ({
  sentinels: [...nodes],
  name: primary!,
  sentinelRetryStrategy: retryPause,
  sentinelCommandTimeout: CONNECT_MS,
  ...(tls !== undefined && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
});

const nameAsItIs: NonNullable<ClusterOptions["dnsLookup"]> = (host, found) => found(null, host);

const clusterOptions = (use: RedisUse, redisOptions: OwnRedisOptions, tls: boolean) => ({
  redisOptions,
  lazyConnect: true,
  clusterRetryStrategy: retryPause,
  slotsRefreshTimeout: CONNECT_MS,
  // A command whose connection was lost may have been done. Where a node says that it was not, it is sent again.
  retryDelayOnFailover: use === "blocking" ? CLUSTER_PAUSE_MS : 0,
  retryDelayOnClusterDown: CLUSTER_PAUSE_MS,
  // Certificates hold names.
  ...(tls && { dnsLookup: nameAsItIs }),
});
