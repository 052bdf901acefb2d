import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureDebianPackages } from "./ensure-debian-packages.ts";
import { freePorts } from "./free-port.ts";
import { startRedisGroup, until, type PrivateRedisGroup } from "./redis-group.ts";
import { startRedisProcess } from "./redis-process.ts";
import { redisConfig, type RedisServerOptions } from "./start-redis.ts";

const NAME = "mymaster";

/** Starts a primary with two replicas, and three sentinels that put another in its place half a second after it is gone. */
export async function startRedisSentinel({
  config = {},
}: RedisServerOptions = {}): Promise<PrivateRedisGroup> {
  await ensureDebianPackages(["redis-server"]);
  return await startRedisGroup("sentinel", async (folder, started) => {
    const ports = await freePorts(6);
    const [first] = ports as [number];
    for (const port of ports.slice(0, 3)) {
      const dir = await folder(port);
      const place = { port: String(port), dir, "repl-diskless-sync-delay": "0" };
      const replica = port === first ? {} : { replicaof: `127.0.0.1 ${first}` };
      // Sentinels write into it what they made of the server, so that it starts again as that.
      const file = join(dir, "redis.conf");
      await writeFile(file, redisConfig({ ...config, ...place, ...replica }));
      started.push(await startRedisProcess(port, [file]));
    }
    for (const port of ports.slice(3)) {
      const dir = await folder(port);
      const file = join(dir, "sentinel.conf");
      await writeFile(file, sentinelConfig(port, dir, first));
      started.push(await startRedisProcess(port, [file, "--sentinel"], "+monitor"));
    }
    const servers = started.slice(0, 3);
    const sentinels = started.slice(3);
    await until(async () => {
      const known = await Promise.all(sentinels.map((one) => one.ask("sentinel", "master", NAME)));
      const replicas = await servers[0]!.ask("info", "replication");
      const all = known.every((text) => /num-slaves\n2/.test(text) && /num-other-sentinels\n2/.test(text));
      return all && replicas.match(/state=online/g)?.length === 2 ? true : undefined;
    });
    return {
      url: `redis+sentinel://${ports
        .slice(3)
        .map((port) => `127.0.0.1:${port}`)
        .join()}/${NAME}`,
      servers,
      async primary() {
        const answers = await Promise.all(
          sentinels.map((one) => one.ask("sentinel", "get-master-addr-by-name", NAME)),
        );
        const named = new Set(answers.map((text) => Number(text.split("\n")[1])));
        return named.size === 1 ? servers.find(({ port }) => named.has(port)) : undefined;
      },
    };
  });
}

const sentinelConfig = (port: number, dir: string, primary: number): string =>
  [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${dir}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${primary} 2`,
    `sentinel down-after-milliseconds ${NAME} 500`,
    `sentinel failover-timeout ${NAME} 3000`,
    "",
  ].join("\n");
