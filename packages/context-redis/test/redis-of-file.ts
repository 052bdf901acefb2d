import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { openRedisLink, type RedisLink, type RedisLinkOptions } from "../src/link/redis-link.ts";

/** A Redis for all cases of a file. */
export interface RedisOfFile {
  /** The server of this file; undefined where `MCP_OPTIMIZER_TEST_REDIS` names another, such as a cluster. */
  readonly server: PrivateRedis | undefined;
  /** Another connection; under a prefix that nobody else has, unless one is given. */
  open(options?: Partial<RedisLinkOptions>): Promise<RedisLink>;
}

/** Starts a Redis before the cases of a file, and ends it after them. Call it at the top of the file. */
export function redisOfFile(): RedisOfFile {
  const url = process.env["MCP_OPTIMIZER_TEST_REDIS"];
  let server: PrivateRedis | undefined;
  beforeAll(async () => {
    if (url === undefined) server = await startRedis();
  });
  afterAll(() => server?.stop());
  return {
    get server() {
      return server;
    },
    open: (options = {}) =>
      openRedisLink({ url: url ?? server!.url, prefix: `t-${randomUUID()}`, ...options }),
  };
}
