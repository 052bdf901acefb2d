import { systemClock } from "@mcp-optimizer/core";
import { memoryState } from "./memory-state.ts";
import { redisState } from "./redis-state.ts";
import { sqliteState } from "./sqlite-state.ts";
import { parseStatePlace } from "./state-place.ts";
import { redisSettings, type RedisSettings, type StateParts } from "./state-settings.ts";
import type { State } from "./state.ts";

/** Where an optimizer's state is kept. */
export interface StateSettings extends RedisSettings {
  /** As `parseStatePlace` reads it: `memory`, a folder, `sqlite:/path/to/file.db`, or the URL of a Redis. */
  readonly place: string;
}

/**
 * Opens all stores of a place; the package of its kind is loaded then. Rejects with `config_invalid` for a place or Redis that cannot be read, with
 * `store_unavailable` for one that cannot be used; nothing stays open then.
 */
export async function openState(settings: StateSettings, parts: StateParts = {}): Promise<State> {
  const { clock = systemClock, log } = parts;
  const place = parseStatePlace(settings.place);
  if (place.kind === "memory") return memoryState(clock, log);
  if (place.kind === "sqlite") return await sqliteState(place.file, clock, log);
  return await redisState(place.url, redisSettings(settings), { clock, log });
}
