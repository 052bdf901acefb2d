import type { ResponseCache } from "@mcp-optimizer/contracts";

/** A cache whose every act is done by `around`, which is given its name and what does it. */
export function aroundCache(
  cache: ResponseCache,
  around: <T>(name: string, work: () => Promise<T>) => Promise<T>,
): ResponseCache {
  return {
    get: (key) => around("get", () => cache.get(key)),
    put: (key, text, ttlMs) => around("put", () => cache.put(key, text, ttlMs)),
    generations: (servers) => around("generations", () => cache.generations(servers)),
    hold: (server, by, ms) => around("hold", () => cache.hold(server, by, ms)),
    release: (server, by) => around("release", () => cache.release(server, by)),
  };
}
