import { createHash } from "node:crypto";
import { OptimizerError } from "@mcp-optimizer/contracts";
import type { RedisClient } from "./redis-client.ts";

/** What a command or script is given. */
export type RedisValue = string | number | Buffer;

/** A script of Redis. */
export interface PreparedScript {
  readonly source: string;
  readonly hash: string;
}

/** Prepares a script. */
export const prepareScript = (source: string): PreparedScript => ({
  source,
  hash: createHash("sha1").update(source).digest("hex"),
});

/** Replicas that must have a write, and how long its caller still waits, in milliseconds. */
export interface CopyOptions {
  readonly replicas: number;
  readonly leftMs: () => number;
}

/** The part of the time that replicas are waited for: the answer must come back in the rest. */
const COPY_SHARE = 0.8;

/** Runs a script once, and waits for copies of what it wrote. Rejects with what Redis or the client says. Nothing is sent once nobody waits for it. */
export async function runScript(
  client: RedisClient,
  { source, hash }: PreparedScript,
  keys: readonly string[],
  args: readonly RedisValue[],
  copies: CopyOptions,
): Promise<unknown> {
  const run = async (command: "eval" | "evalsha"): Promise<unknown> => {
    const text = command === "eval" ? source : hash;
    const call = [text, keys.length, ...keys, ...args] as [string, number, ...RedisValue[]];
    if (copies.replicas === 0) return await client[command](...call);
    const pipeline = client.pipeline();
    pipeline[command](...call);
    // 0 would wait for ever.
    const waitMs = Math.max(1, Math.ceil(copies.leftMs() * COPY_SHARE));
    const results = await pipeline.wait(copies.replicas, waitMs).exec();
    const [done, copied] = results!;
    if (done![0]) throw done![0];
    if (copied![0]) throw copied![0];
    if (Number(copied![1]) >= copies.replicas) return done![1];
    throw new OptimizerError("store_unavailable", {
      detail: `the write is not safe: ${String(copied![1])} of ${copies.replicas} replicas have it`,
    });
  };
  try {
    return await run("evalsha");
  } catch (error) {
    if (!(error as Error).message.startsWith("NOSCRIPT")) throw error;
    // The answer may have come behind others' waits; by now its caller may have written something newer.
    if (copies.leftMs() <= 0) throw error;
    return await run("eval");
  }
}
