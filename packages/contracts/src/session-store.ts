import type { JsonObject } from "./json.ts";

/** A session as it is stored. */
export interface SessionRecord {
  readonly tenant: string;
  /** Unique for a tenant. */
  readonly id: string;
  /** Who made it: nobody else may use it. */
  readonly principal: string;
  readonly data: JsonObject;
  /** 1 when it is made; each update makes the next. */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** When it ends unless it is used before, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /** How long it lives since it was last made, updated or touched, in milliseconds. */
  readonly ttlMs: number;
}

/** A session to make. */
export type NewSession = Pick<SessionRecord, "tenant" | "id" | "principal" | "data" | "ttlMs">;

/** A part of a list, oldest first. */
export interface SessionPage {
  readonly sessions: readonly SessionRecord[];
  /** Give it to the next `list`; absent at the end. */
  readonly cursor?: string;
}

/**
 * Keeps records that live for a while and are changed by many: sessions, and what else lasts like them. What has expired is found by
 * {@link SessionStore.takeExpired} alone. Methods reject with `store_unavailable` when it cannot be reached.
 */
export interface SessionStore {
  /** Rejects with `conflict` when there is one of that id, expired ones that nobody has taken included. */
  create(session: NewSession): Promise<SessionRecord>;
  /** Undefined when there is none, or it has expired. */
  get(tenant: string, id: string): Promise<SessionRecord | undefined>;
  /**
   * Replaces the data of the version that the caller knows, and begins the lifetime anew. Rejects with `conflict` when it has another version by
   * now, with `not_found` when there is none.
   */
  update(tenant: string, id: string, version: number, data: JsonObject): Promise<SessionRecord>;
  /** Begins the lifetime anew. False when there is none. */
  touch(tenant: string, id: string): Promise<boolean>;
  /** Takes a session out and resolves with it; undefined when there is none, or it has expired. Of several callers one gets it. */
  delete(tenant: string, id: string): Promise<SessionRecord | undefined>;
  /** A tenant's sessions that have not expired, oldest first. `limit` defaults to 20. Rejects with `invalid_params` for a cursor that no list gave. */
  list(tenant: string, options?: { readonly cursor?: string; readonly limit?: number }): Promise<SessionPage>;
  /** Takes out at most so many expired sessions of all tenants. Of several callers one gets each. */
  takeExpired(limit: number): Promise<readonly SessionRecord[]>;
}
