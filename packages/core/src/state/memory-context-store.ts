import {
  OptimizerError,
  type Clock,
  type ContextStore,
  type EvictedKey,
  type JsonValue,
} from "@mcp-optimizer/contracts";
import { ENTRY_OVERHEAD, entryName, MemoryContexts, type MemoryContext } from "./memory-contexts.ts";

/** Settings of a {@link createMemoryContextStore}. */
export interface MemoryContextStoreOptions {
  readonly clock: Pick<Clock, "now">;
  /**
   * Bytes of all sessions together, counted as for the limit of one, each key with 200 more. Over it goes the session that was used least
   * recently, of the tenant that has most. Default 256 Mi.
   */
  readonly maxBytes?: number;
}

const SWEEP_MS = 60_000;

/** Contexts in memory: they last as long as the process. */
export function createMemoryContextStore(options: MemoryContextStoreOptions): ContextStore {
  const { clock, maxBytes = 256 * 1024 * 1024 } = options;
  const contexts = new MemoryContexts();
  let sweepAt = clock.now() + SWEEP_MS;
  /** A context with nothing in it that has expired. */
  const find = (tenant: string, session: string): MemoryContext | undefined => {
    const found = contexts.find(tenant, session);
    if (found !== undefined) contexts.dropExpired(clock.now(), found);
    return found;
  };
  const sweep = (): void => {
    if (clock.now() < sweepAt) return;
    sweepAt = clock.now() + SWEEP_MS;
    contexts.dropExpired(clock.now());
  };

  return {
    async set({ tenant, session, namespace }, key, value, { ttlMs, limitBytes }) {
      const text = JSON.stringify(value);
      const bytes = Buffer.byteLength(key) + Buffer.byteLength(text);
      const limit = Math.min(limitBytes, maxBytes - ENTRY_OVERHEAD);
      if (bytes > limit) {
        const detail = `${bytes} bytes of ${limit} that all of the session may have`;
        throw new OptimizerError("context_limit", { detail });
      }
      sweep();
      find(tenant, session);
      const context = contexts.use(tenant, session);
      contexts.remove(context, entryName(namespace, key));
      const evicted: EvictedKey[] = [];
      for (const [name, oldest] of context.entries) {
        if (context.bytes + bytes <= limit) break;
        contexts.remove(context, name);
        evicted.push({ namespace: oldest.namespace, key: oldest.key });
      }
      contexts.add(context, { namespace, key, text, bytes, expires: clock.now() + ttlMs });
      contexts.shrink(maxBytes, context);
      return evicted;
    },
    async get({ tenant, session, namespace }, key) {
      const context = find(tenant, session);
      const name = entryName(namespace, key);
      const entry = context?.entries.get(name);
      if (context === undefined || entry === undefined) return undefined;
      contexts.use(tenant, session);
      context.entries.delete(name);
      context.entries.set(name, entry);
      return JSON.parse(entry.text) as JsonValue;
    },
    async delete({ tenant, session, namespace }, key) {
      const context = find(tenant, session);
      return context !== undefined && contexts.remove(context, entryName(namespace, key));
    },
    async keys({ tenant, session, namespace }) {
      const entries = find(tenant, session)?.entries.values() ?? [];
      return [...entries].flatMap((entry) => (entry.namespace === namespace ? [entry.key] : [])).sort();
    },
    async clear(tenant, session, namespace) {
      const context = find(tenant, session);
      if (context === undefined) return 0;
      const doomed = [...context.entries].filter(([, entry]) => isOf(entry, namespace));
      for (const [name] of doomed) contexts.remove(context, name);
      return doomed.length;
    },
    async size(tenant, session, namespace) {
      const entries = find(tenant, session)?.entries.values() ?? [];
      return [...entries].reduce((sum, entry) => sum + (isOf(entry, namespace) ? entry.bytes : 0), 0);
    },
  };
}

const isOf = (entry: EvictedKey, namespace: string | undefined): boolean =>
  namespace === undefined || entry.namespace === namespace;
