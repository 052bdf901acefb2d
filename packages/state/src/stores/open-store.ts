import type { Clock, ContextStore, Log, SessionStore } from "@mcp-optimizer/contracts";
import { createMemoryContextStore, createMemorySessionStore } from "@mcp-optimizer/core";
import type { StatePlace } from "./state-place.ts";
import type { RedisSettings } from "./state-settings.ts";
import { SESSION_STORES } from "./state.ts";

/** A store, and what closes it. */
export interface OpenStore<T> {
  readonly value: T;
  readonly close: () => Promise<void>;
}

/** What a single store is opened with. */
export interface OpenStoreParts {
  readonly clock: Clock;
  readonly log: Log | undefined;
  readonly redis: RedisSettings;
}

/** Opens the context store of a place. */
export async function openContextStore(
  place: StatePlace,
  { clock, log, redis }: OpenStoreParts,
): Promise<OpenStore<ContextStore>> {
  if (place.kind === "memory") return kept(createMemoryContextStore({ clock }));
  if (place.kind === "sqlite") {
    const { createSqliteContextStore } = await import("@mcp-optimizer/context-sqlite");
    const store = await createSqliteContextStore({ file: place.file, clock });
    return { value: store, close: () => store.dispose() };
  }
  const { createRedisContextStore, openRedisLink } = await import("@mcp-optimizer/context-redis");
  const link = await openRedisLink({ url: place.url, ...redis, ...(log && { log }) });
  return { value: createRedisContextStore({ link }), close: () => link.dispose() };
}

/** Opens the store of a place that keeps an optimizer's sessions. */
export async function openSessionStore(
  place: StatePlace,
  { clock, log, redis }: OpenStoreParts,
): Promise<OpenStore<SessionStore>> {
  const name = SESSION_STORES.sessionStore;
  if (place.kind === "memory") return kept(createMemorySessionStore({ clock }));
  if (place.kind === "sqlite") {
    const { createSqliteSessionStore } = await import("@mcp-optimizer/context-sqlite");
    const store = await createSqliteSessionStore({ file: place.file, clock, name });
    return { value: store, close: () => store.dispose() };
  }
  const { createRedisSessionStore, openRedisLink } = await import("@mcp-optimizer/context-redis");
  const link = await openRedisLink({ url: place.url, ...redis, ...(log && { log }) });
  return { value: createRedisSessionStore({ link, name }), close: () => link.dispose() };
}

const kept = <T>(value: T): OpenStore<T> => ({ value, close: async () => undefined });
