import {
  OptimizerError,
  type JsonObject,
  type SessionPage,
  type SessionRecord,
} from "@mcp-optimizer/contracts";
import {
  createSessions,
  requireJson,
  systemClock,
  type SessionHooks,
  type Sessions,
} from "@mcp-optimizer/core";
import { lazily, type Lazily } from "../stores/lazily.ts";
import { lifetimeMs } from "../stores/lifetime-ms.ts";
import { openSessionStore } from "../stores/open-store.ts";
import { randomId } from "../stores/random-id.ts";
import { requireName } from "../stores/require-name.ts";
import { parseStatePlace } from "../stores/state-place.ts";
import { redisSettings, type RedisSettings, type StateParts } from "../stores/state-settings.ts";

/** How a {@link SessionManager} is made. */
export interface SessionManagerOptions extends StateParts, RedisSettings {
  /** `memory:`, `sqlite:/path/to/file.db`, a folder, or the URL of a Redis. Default `memory:`. */
  readonly url?: string;
  /** How long a session lives after it was last made, changed or touched, in seconds. Default 3,600. */
  readonly defaultTtl?: number;
  /** Told what becomes of sessions: of expired ones by this manager's sweep, which begins with the first session, or by `cleanupExpired`. */
  readonly hooks?: SessionHooks;
  /** Default `local`. */
  readonly tenant?: string;
  /** To whom sessions are bound: others' are as if they were not. Default: all of the tenant. */
  readonly principal?: string;
}

/** What changes a session's data. It may be asked again, with what another wrote meanwhile. */
export type SessionChange = (data: JsonObject) => JsonObject;

/**
 * Makes, changes and ends sessions. The store opens with the first call; whatever it is asked rejects with `store_unavailable` while it is away.
 */
export class SessionManager implements AsyncDisposable {
  readonly #sessions: Lazily<Sessions>;
  readonly #owner: { readonly tenant: string; readonly principal?: string };

  /** Throws `config_invalid`. Nothing is opened yet. */
  constructor(options: SessionManagerOptions = {}) {
    const { url = "memory:", defaultTtl = 3_600, hooks = {}, tenant = "local", principal } = options;
    const { clock = systemClock, log } = options;
    const place = parseStatePlace(url);
    const ttlMs = lifetimeMs(defaultTtl, "defaultTtl", "config_invalid");
    this.#owner = {
      tenant: requireName(tenant, "tenant", "config_invalid"),
      ...(principal !== undefined && { principal: requireName(principal, "principal", "config_invalid") }),
    };
    const redis = redisSettings(options);
    this.#sessions = lazily(async () => {
      const { value: store, close: closeStore } = await openSessionStore(place, { clock, log, redis });
      const value = createSessions({ store, clock, randomId, ttlMs, hooks, ...(log && { log }) });
      const close = async (): Promise<void> => {
        value.dispose();
        await closeStore();
      };
      return { value, close };
    });
  }

  /** Makes a session. Without an id it gets one that nobody can guess. Rejects with `conflict` for an id that is taken. */
  async create(id?: string, data: JsonObject = {}): Promise<SessionRecord> {
    const checked = requireData(data);
    const sessions = await this.#sessions.get();
    return await sessions.create({ ...this.#owner, ...(id !== undefined && { id }), data: checked });
  }

  /** Looks at a session; its lifetime stays as it is. */
  async get(id: string): Promise<SessionRecord | undefined> {
    return await (await this.#sessions.get()).get(this.#owner, id);
  }

  /**
   * Changes the data of a session, and begins its lifetime anew. A function is asked again when another was faster; with the `version` that the caller
   * knows, that is a `conflict`. Data without a version takes the place of whatever is there. Rejects with `not_found`.
   */
  async update(
    id: string,
    change: JsonObject | SessionChange,
    options: { readonly version?: number } = {},
  ): Promise<SessionRecord> {
    const checked =
      typeof change === "function" ? (data: JsonObject) => requireData(change(data)) : requireData(change);
    return await (await this.#sessions.get()).update(this.#owner, id, checked, options);
  }

  /** Begins the lifetime of a session anew. False when there is none. */
  async touch(id: string): Promise<boolean> {
    try {
      await (await this.#sessions.get()).use(this.#owner, id);
      return true;
    } catch (error) {
      if (OptimizerError.is(error) && error.code === "not_found") return false;
      throw error;
    }
  }

  /** Ends a session. False when there is none. */
  async delete(id: string): Promise<boolean> {
    return await (await this.#sessions.get()).delete(this.#owner, id);
  }

  /** Sessions, oldest first; 20 a page, unless `limit` says otherwise. */
  async list(options: { readonly cursor?: string; readonly limit?: number } = {}): Promise<SessionPage> {
    return await (await this.#sessions.get()).list(this.#owner, options);
  }

  /** Takes out all expired sessions of the store, of all tenants, tells the hooks of each, and resolves with their number. */
  async cleanupExpired(): Promise<number> {
    return await (await this.#sessions.get()).cleanupExpired();
  }

  /** Closes what was opened. A later call opens it again; what was in memory is gone. */
  dispose(): Promise<void> {
    return this.#sessions.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

function requireData(data: unknown): JsonObject {
  const json = requireJson(data);
  // What the caller does to it from now on is not kept.
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return structuredClone(json);
  throw new OptimizerError("invalid_params", { detail: "the data of a session is an object" });
}
