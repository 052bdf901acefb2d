import type { JsonObject, SessionPage, SessionRecord } from "@mcp-optimizer/contracts";

/** Whose sessions are meant. */
export interface SessionOwner {
  /** Default `local`. */
  readonly tenant?: string | undefined;
  /** Who made it. Without one, whoever operates the tenant is meant: every session of it. */
  readonly principal?: string | undefined;
}

/** A session to make. */
export interface SessionRequest {
  /** Default `local`. */
  readonly tenant?: string | undefined;
  /** To whom it is bound. Default: the tenant's name. */
  readonly principal?: string | undefined;
  /** Default: one that nobody can guess. */
  readonly id?: string | undefined;
  /** Default `{}`. */
  readonly data?: JsonObject | undefined;
}

/** Told what becomes of sessions. One that throws or rejects is logged, and keeps nothing from happening. */
export interface SessionHooks {
  readonly onCreate?: (session: SessionRecord) => void | Promise<void>;
  /** It was used; its lifetime has begun anew. */
  readonly onUse?: (session: SessionRecord) => void | Promise<void>;
  /** It was not used for its lifetime, and is gone. */
  readonly onExpire?: (session: SessionRecord) => void | Promise<void>;
  /** It was deleted, and is gone. */
  readonly onDelete?: (session: SessionRecord) => void | Promise<void>;
}

/**
 * Sessions with their lives: created, used, expired or deleted, each with its hook. A session belongs to who made it; for anybody else it is
 * `not_found`, in the words in which one is that never was.
 */
export interface Sessions {
  /** Rejects with `conflict` for an id that is taken, with `invalid_params` for one that cannot be. */
  create(request?: SessionRequest): Promise<SessionRecord>;
  /** Looks at one; its lifetime stays as it is. */
  get(owner: SessionOwner, id: string): Promise<SessionRecord | undefined>;
  /** Uses one: its lifetime begins anew. Rejects with `not_found`. */
  use(owner: SessionOwner, id: string): Promise<SessionRecord>;
  /**
   * Changes the data of one, and no change of another is lost: `change` is asked again with what another wrote meanwhile. With `version`, that
   * of another is a `conflict` instead. Rejects with `not_found`.
   */
  update(
    owner: SessionOwner,
    id: string,
    change: JsonObject | ((data: JsonObject) => JsonObject),
    options?: { readonly version?: number | undefined },
  ): Promise<SessionRecord>;
  /** Ends one. False when there is none. */
  delete(owner: SessionOwner, id: string): Promise<boolean>;
  /** The owner's sessions, oldest first. A page may have fewer than asked for while there are more: the cursor says so. */
  list(
    owner?: SessionOwner,
    options?: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  ): Promise<SessionPage>;
  /** Takes out all that have expired, of all tenants, and resolves with how many this call took. */
  cleanupExpired(): Promise<number>;
  /** No more sweeps. The sessions stay. */
  dispose(): void;
}
