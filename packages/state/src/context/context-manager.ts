import {
  OptimizerError,
  type ContextScope,
  type ContextStore,
  type EvictedKey,
  type JsonValue,
} from "@mcp-optimizer/contracts";
import { requireJson, systemClock } from "@mcp-optimizer/core";
import { lazily, type Lazily } from "../stores/lazily.ts";
import { lifetimeMs } from "../stores/lifetime-ms.ts";
import { openContextStore } from "../stores/open-store.ts";
import { requireName } from "../stores/require-name.ts";
import { redisSettings, type RedisSettings, type StateParts } from "../stores/state-settings.ts";
import { contextPlace, type ContextBackend } from "./context-place.ts";

/** How a {@link ContextManager} is made. */
export interface ContextManagerOptions extends StateParts, RedisSettings {
  /** Where values are kept, or the store itself, which its owner closes. Default `memory`. */
  readonly backend?: ContextBackend | ContextStore;
  /** `sqlite:/path/to/file.db`, a folder, or the URL of a Redis. `sqlite` needs it; default of `redis` `redis://127.0.0.1:6379`. */
  readonly url?: string;
  /** How long a value lives, in seconds. Default 300. */
  readonly ttl?: number;
  /** What a session may have, all namespaces together, in 1,024 bytes of keys and values as JSON. Default 100. */
  readonly sizeLimitKb?: number;
  /** Default `local`. */
  readonly tenant?: string;
  /** Managers of one session, store and tenant see the same. Default `default`. */
  readonly session?: string;
  /** The namespace of calls that name none. Default `default`. */
  readonly namespace?: string;
}

/** How one value is kept. */
export interface SetContextOptions {
  /** Seconds. Default: as for all. */
  readonly ttl?: number;
  readonly namespace?: string;
}

const MAX_KB = 262_144;

/**
 * Keeps JSON values for a session. A value that needs room takes it from those that were used least recently, in one step. The store opens with the
 * first call; whatever it is asked rejects with `store_unavailable` while it is away.
 */
export class ContextManager implements AsyncDisposable {
  readonly #store: Lazily<ContextStore>;
  readonly #scope: ContextScope;
  readonly #ttlMs: number;
  readonly #limitBytes: number;
  #lastCacheHit = false;

  /** Throws `config_invalid`. Nothing is opened yet. */
  constructor(options: ContextManagerOptions = {}) {
    const { backend = "memory", url, ttl = 300, sizeLimitKb = 100 } = options;
    const { tenant = "local", session = "default", namespace = "default" } = options;
    this.#ttlMs = lifetimeMs(ttl, "ttl", "config_invalid");
    if (!(typeof sizeLimitKb === "number" && sizeLimitKb > 0 && sizeLimitKb <= MAX_KB)) {
      const detail = `sizeLimitKb is a number over 0, and at most ${MAX_KB}`;
      throw new OptimizerError("config_invalid", { detail });
    }
    this.#limitBytes = Math.floor(sizeLimitKb * 1_024);
    this.#scope = {
      tenant: requireName(tenant, "tenant", "config_invalid"),
      session: requireName(session, "session", "config_invalid"),
      namespace: requireName(namespace, "namespace", "config_invalid"),
    };
    if (typeof backend === "object") {
      this.#store = { get: async () => backend, close: async () => undefined };
      return;
    }
    const place = contextPlace(backend, url);
    const { clock = systemClock, log } = options;
    const redis = redisSettings(options);
    this.#store = lazily(() => openContextStore(place, { clock, log, redis }));
  }

  /** Whether the last operation that ended was a `get` that found something. */
  get lastCacheHit(): boolean {
    return this.#lastCacheHit;
  }

  /**
   * Keeps a value under a key of 1 to 512 bytes, over what was there. Resolves with the keys that made room. Rejects with `invalid_params` that names
   * what is no JSON, such as `$.a.b[3]`, and with `context_limit` when it alone is over the limit; all stays as it was then.
   */
  set(key: string, value: unknown, options: SetContextOptions = {}): Promise<readonly EvictedKey[]> {
    return this.#do(() => {
      const { ttl, namespace } = options;
      const ttlMs = ttl === undefined ? this.#ttlMs : lifetimeMs(ttl, "ttl");
      const name = requireName(key, "key");
      const scope = this.#at(namespace);
      // What the caller does to it from now on is not kept.
      const json = structuredClone(requireJson(value));
      return (store) => store.set(scope, name, json, { ttlMs, limitBytes: this.#limitBytes });
    });
  }

  /** The value of a key; undefined when there is none, or it is gone. */
  get(key: string, { namespace }: { readonly namespace?: string } = {}): Promise<JsonValue | undefined> {
    return this.#do(
      () => {
        const [scope, name] = [this.#at(namespace), requireName(key, "key")];
        return (store) => store.get(scope, name);
      },
      (value) => value !== undefined,
    );
  }

  /** Whether there was such a key. */
  delete(key: string, { namespace }: { readonly namespace?: string } = {}): Promise<boolean> {
    return this.#do(() => {
      const [scope, name] = [this.#at(namespace), requireName(key, "key")];
      return (store) => store.delete(scope, name);
    });
  }

  /** The keys of a namespace, sorted. */
  keys(namespace?: string): Promise<readonly string[]> {
    return this.#do(() => {
      const scope = this.#at(namespace);
      return (store) => store.keys(scope);
    });
  }

  /** Takes out a namespace, or, without one, all that the session has. Resolves with the number of keys. */
  clear(namespace?: string): Promise<number> {
    const { tenant, session } = this.#scope;
    return this.#do(() => {
      const named = this.#named(namespace);
      return (store) => store.clear(tenant, session, named);
    });
  }

  /** Bytes of a namespace, or, without one, of all that the session has, counted as for the limit. */
  size(namespace?: string): Promise<number> {
    const { tenant, session } = this.#scope;
    return this.#do(() => {
      const named = this.#named(namespace);
      return (store) => store.size(tenant, session, named);
    });
  }

  /** Closes what was opened. A later call opens it again; what was in memory is gone. */
  dispose(): Promise<void> {
    return this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #named(namespace: string | undefined): string | undefined {
    return namespace === undefined ? undefined : requireName(namespace, "namespace");
  }

  #at(namespace: string | undefined): ContextScope {
    return { ...this.#scope, namespace: this.#named(namespace) ?? this.#scope.namespace };
  }

  /** Checks what it is given before anything is opened. */
  async #do<T>(
    prepare: () => (store: ContextStore) => Promise<T>,
    isHit: (value: T) => boolean = () => false,
  ): Promise<T> {
    let hit = false;
    try {
      const work = prepare();
      const value = await work(await this.#store.get());
      hit = isHit(value);
      return value;
    } finally {
      this.#lastCacheHit = hit;
    }
  }
}
