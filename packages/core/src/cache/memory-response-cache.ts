import type { Clock, ResponseCache } from "@mcp-optimizer/contracts";
import { LRUCache } from "lru-cache";

/** Settings of a {@link createMemoryResponseCache}. */
export interface MemoryResponseCacheOptions {
  readonly clock: Pick<Clock, "elapsed">;
  /** Characters of all keys and texts together. Default 64 Mi. */
  readonly maxSize?: number;
  /** Characters that one text may have. Default 1 Mi. */
  readonly maxEntrySize?: number;
}

interface ServerState {
  generation: number;
  /** Until when it is held, by whom. */
  readonly holds: Map<string, number>;
}

/** A cache in memory. Over its size, what was used least recently goes first. */
export function createMemoryResponseCache(options: MemoryResponseCacheOptions): ResponseCache {
  const { clock, maxSize = 64 * 1024 * 1024, maxEntrySize = 1024 * 1024 } = options;
  const texts = new LRUCache<string, string>({
    maxSize,
    maxEntrySize: Math.min(maxSize, maxEntrySize),
    sizeCalculation: (text, key) => Math.max(1, text.length + key.length),
    // It takes what was put at 0 for something that never expires.
    perf: { now: () => clock.elapsed() + 1 },
    ttlResolution: 0,
  });
  const servers = new Map<string, ServerState>();
  const stateOf = (server: string): ServerState => {
    const state = servers.get(server) ?? { generation: 0, holds: new Map<string, number>() };
    servers.set(server, state);
    return state;
  };

  return {
    get: async (key) => texts.get(key),
    async put(key, text, ttlMs) {
      if (ttlMs > 0) texts.set(key, text, { ttl: ttlMs });
      else texts.delete(key);
    },
    async generations(names) {
      return names.map((name) => {
        const { generation, holds } = stateOf(name);
        for (const [by, until] of holds) if (until <= clock.elapsed()) holds.delete(by);
        return holds.size > 0 ? undefined : String(generation);
      });
    },
    async hold(server, by, ms) {
      const state = stateOf(server);
      state.generation += 1;
      if (ms > 0) state.holds.set(by, clock.elapsed() + ms);
      else state.holds.delete(by);
    },
    async release(server, by) {
      const state = stateOf(server);
      state.generation += 1;
      state.holds.delete(by);
    },
  };
}
