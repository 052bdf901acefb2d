import { createHash } from "node:crypto";
import type { Clock, ResponseCache } from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";
import { createGenerations } from "./redis-generations.ts";
import { createTexts } from "./redis-texts.ts";

/** Settings of a {@link createRedisResponseCache}. */
export interface RedisResponseCacheOptions {
  readonly link: RedisLink;
  /** Default: Redis's own, so that processes need not agree on the time. */
  readonly clock?: Pick<Clock, "now">;
  /** Bytes of all texts together. Default 64 Mi. */
  readonly maxSize?: number;
  /** Bytes that one text may have. Default 1 Mi. */
  readonly maxEntrySize?: number;
}

/**
 * A cache that all processes share. Over its size, what expires next goes first. When Redis starts again, or a replica takes its place, nothing
 * counts that was kept before: the last writes may be missing.
 */
export function createRedisResponseCache(options: RedisResponseCacheOptions): ResponseCache {
  const { link, clock, maxSize = 64 * 1024 * 1024, maxEntrySize = 1024 * 1024 } = options;
  const texts = createTexts({ link, clock, maxSize, maxEntrySize: Math.min(maxSize, maxEntrySize) });
  const { generations, hold, release } = createGenerations(link, clock);
  const nameOf = (key: string): string =>
    createHash("sha256").update(JSON.stringify(key)).digest("base64url");
  return {
    get: (key) => texts.get(nameOf(key)),
    put: (key, text, ttlMs) => texts.put(nameOf(key), text, ttlMs),
    generations,
    hold,
    release,
  };
}
