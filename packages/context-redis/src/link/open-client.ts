import { setTimeout as pause } from "node:timers/promises";
import { OptimizerError } from "@mcp-optimizer/contracts";
import type { RedisClient } from "./redis-client.ts";
import { isRefused, redisFault } from "./redis-fault.ts";

/** The oldest version whose commands are used. */
const OLDEST = [6, 2] as const;
const OPEN_MS = 5_000;

/** Connects a client for the first time, and looks at the version. Rejects with `store_unavailable` when that cannot be done in five seconds. */
export async function openClient(client: RedisClient): Promise<void> {
  const late = new AbortController();
  let last: Error | undefined;
  // A wrong password is told by an event, and the client goes on trying.
  const refused = Promise.withResolvers<never>();
  const note = (error: Error): void => {
    last = error;
    if (isRefused(error)) refused.reject(error);
  };
  client.on("error", note).on("node error", note);
  const limit = pause(OPEN_MS, undefined, { signal: late.signal }).then(() => {
    throw last ?? new Error("timed out");
  });
  limit.catch(() => {});
  refused.promise.catch(() => {});
  try {
    await Promise.race([connected(client), refused.promise, limit]);
  } catch (cause) {
    client.disconnect();
    throw redisFault(OptimizerError.is(cause) ? cause : (last ?? cause));
  } finally {
    late.abort();
    client.off("error", note).off("node error", note);
  }
}

async function connected(client: RedisClient): Promise<void> {
  await client.connect();
  const version = /^redis_version:(\d+)\.(\d+)/m.exec(await client.info("server"));
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new OptimizerError("store_unavailable", {
    detail: `this Redis is ${major}.${minor}; ${OLDEST.join(".")} or newer is needed`,
  });
}
