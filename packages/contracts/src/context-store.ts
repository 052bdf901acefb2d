import type { JsonValue } from "./json.ts";

/** Where a context is: a session of a tenant, and a namespace in it. Namespaces do not see each other. */
export interface ContextScope {
  readonly tenant: string;
  readonly session: string;
  readonly namespace: string;
}

/** A key that made room for another. */
export interface EvictedKey {
  readonly namespace: string;
  readonly key: string;
}

/** How a value is kept. */
export interface ContextSetOptions {
  /** Milliseconds from now until it is gone. */
  readonly ttlMs: number;
  /** Bytes that all of the session may have, of all namespaces together: UTF-8 of keys, and of values as JSON. */
  readonly limitBytes: number;
}

/**
 * Keeps values of sessions. What is over a session's limit makes room, what was set or got least recently first, in the same step: at no time
 * is a session over its limit. Methods reject with `store_unavailable` when it cannot be reached.
 */
export interface ContextStore {
  /**
   * Puts a value under a key, over what was there, and resolves with the keys that made room. `value` is plain JSON. Rejects with `context_limit`
   * when it alone is over the limit; everything stays as it was then.
   */
  set(
    scope: ContextScope,
    key: string,
    value: JsonValue,
    options: ContextSetOptions,
  ): Promise<readonly EvictedKey[]>;
  /** The value of a key; undefined when it never was, is gone, or belongs to another scope. */
  get(scope: ContextScope, key: string): Promise<JsonValue | undefined>;
  /** Whether there was such a key. */
  delete(scope: ContextScope, key: string): Promise<boolean>;
  /** The keys of a namespace, sorted by UTF-16 code units. */
  keys(scope: ContextScope): Promise<readonly string[]>;
  /** Takes out what a session has, in one namespace or all, and resolves with the number of keys. */
  clear(tenant: string, session: string, namespace?: string): Promise<number>;
  /** Bytes that a session has, in one namespace or all, counted as for the limit. */
  size(tenant: string, session: string, namespace?: string): Promise<number>;
}
