import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ensureDebianPackages } from "./ensure-debian-packages.ts";
import { freePorts } from "./free-port.ts";
import { startRedisGroup, until, type PrivateRedisGroup } from "./redis-group.ts";
import { startRedisProcess, type RedisProcess } from "./redis-process.ts";
import { redisArguments, type RedisServerOptions } from "./start-redis.ts";

const NODES = 6;
const CREATE_LIMIT_MS = 30_000;

/** Starts a cluster of three primaries with a replica each, which takes its place a second after it is gone. */
export async function startRedisCluster({
  config = {},
}: RedisServerOptions = {}): Promise<PrivateRedisGroup> {
  await ensureDebianPackages(["redis-server"]);
  return await startRedisGroup("cluster", async (folder, servers) => {
    const ports = await freePorts(NODES * 2);
    for (const [index, port] of ports.slice(0, NODES).entries()) {
      const settings = {
        ...config,
        port: String(port),
        // By itself it would be 10,000 above, where there may be no port.
        "cluster-port": String(ports[NODES + index]),
        dir: await folder(port),
        "cluster-enabled": "yes",
        "cluster-node-timeout": "1000",
        "cluster-replica-validity-factor": "0",
        "repl-diskless-sync-delay": "0",
      };
      servers.push(await startRedisProcess(port, redisArguments(settings)));
    }
    const hosts = servers.map(({ port }) => `127.0.0.1:${port}`);
    const create = ["--cluster", "create", ...hosts, "--cluster-replicas", "1", "--cluster-yes"];
    await promisify(execFile)("redis-cli", create, { timeout: CREATE_LIMIT_MS });
    await until(async () => {
      const states = await Promise.all(servers.map((server) => isWhole(server)));
      return states.every(Boolean) ? true : undefined;
    });
    return {
      url: `redis+cluster://${hosts.join()}`,
      servers: servers.slice(),
      primary: (key) => primaryOf(servers, key),
    };
  });
}

async function isWhole(server: RedisProcess): Promise<boolean> {
  const [state, replication] = [await server.ask("cluster", "info"), await server.ask("info", "replication")];
  return (
    /cluster_state:ok/.test(state) &&
    new RegExp(`cluster_known_nodes:${NODES}\\b`).test(state) &&
    /master_link_status:up|state=online/.test(replication)
  );
}

/** Undefined while the servers that answer do not agree, or their cluster takes no writes. */
async function primaryOf(servers: readonly RedisProcess[], key: string): Promise<RedisProcess | undefined> {
  const views = await Promise.allSettled(
    servers.map(async (server) => {
      const slot = Number(await server.ask("cluster", "keyslot", key));
      const nodes = (await server.ask("cluster", "nodes")).split("\n").map((line) => line.split(" "));
      const owner = nodes.find(
        ([, , flags = "", , , , , , ...slots]) =>
          !flags.includes("fail") && slots.some((range) => holds(range, slot)),
      );
      const ok = (await server.ask("cluster", "info")).includes("cluster_state:ok");
      return ok ? Number(/:(\d+)@/.exec(owner?.[1] ?? "")?.[1]) : undefined;
    }),
  );
  const named = new Set(views.flatMap((view) => (view.status === "fulfilled" ? [view.value] : [])));
  return named.size === 1 ? servers.find(({ port }) => named.has(port)) : undefined;
}

/** Ranges are `0-5460` or `7`; slots that move are in brackets. */
function holds(range: string, slot: number): boolean {
  const [first, last = first] = range.split("-").map(Number);
  return first !== undefined && first <= slot && slot <= last!;
}
