import {
  OptimizerError,
  type Clock,
  type Log,
  type SessionRecord,
  type SessionStore,
} from "@mcp-optimizer/contracts";
import type { SessionHooks, SessionOwner, Sessions } from "./sessions.ts";

/** What sessions stand on. */
export interface SessionsParts {
  readonly store: SessionStore;
  readonly clock: Clock;
  /** A fresh text of at least 128 random bits for each call. */
  readonly randomId: () => string;
  /** How long one lives after it was last used, in milliseconds. */
  readonly ttlMs: number;
  readonly hooks?: SessionHooks;
  readonly log?: Log;
  /**
   * Milliseconds between looks for expired ones, since the first session is used here; 0: nobody looks but {@link Sessions.cleanupExpired}.
   * Default 60,000, or the lifetime where that is shorter.
   */
  readonly sweepMs?: number;
}

const LOCAL = "local";
/** Expired ones that are taken out at once. */
const BATCH = 100;
/** Updates in a row that lose against others until it is a conflict. */
const TRIES = 200;

/** Makes {@link Sessions}. */
export function createSessions(parts: SessionsParts): Sessions {
  const { store, clock, randomId, ttlMs, hooks = {}, log = () => {} } = parts;
  const { sweepMs = Math.min(60_000, ttlMs) } = parts;
  let cancelSweep: (() => void) | undefined;
  let disposed = false;

  const tell = async (name: keyof SessionHooks, session: SessionRecord): Promise<void> => {
    try {
      await hooks[name]?.(session);
    } catch (cause) {
      log({ level: "error", message: `What follows a session failed (${name})`, cause });
    }
  };
  const sweep = (): void => {
    cancelSweep = undefined;
    cleanupExpired()
      .catch((cause: unknown) =>
        log({ level: "warn", message: "Expired sessions could not be ended", cause }),
      )
      .finally(sweepLater);
  };
  const sweepLater = (): void => {
    if (sweepMs > 0 && !disposed) cancelSweep ??= clock.schedule(sweepMs, sweep);
  };
  const cleanupExpired = async (): Promise<number> => {
    let count = 0;
    for (;;) {
      const taken = await store.takeExpired(BATCH);
      for (const session of taken) await tell("onExpire", session);
      count += taken.length;
      if (taken.length < BATCH) return count;
    }
  };
  const own = async ({ tenant = LOCAL, principal }: SessionOwner, id: string) => {
    const found = isSessionId(id) ? await store.get(tenant, id) : undefined;
    return principal === undefined || found?.principal === principal ? found : undefined;
  };
  const known = async (owner: SessionOwner, id: string): Promise<SessionRecord> => {
    const found = await own(owner, id);
    if (found === undefined) throw noSession(id);
    return found;
  };

  return {
    async create({ tenant = LOCAL, principal = tenant, id = `s_${randomId()}`, data = {} } = {}) {
      if (!isSessionId(id)) {
        throw new OptimizerError("invalid_params", {
          detail: "the id of a session is a text of 1 to 256 characters without control characters",
        });
      }
      const session = { tenant, id, principal, data, ttlMs };
      const made = await store.create(session).catch(async (error: unknown) => {
        if (!isConflict(error) || (await store.get(tenant, id)) !== undefined) throw error;
        // One that has expired is in its place until somebody takes it.
        await cleanupExpired();
        return await store.create(session);
      });
      sweepLater();
      await tell("onCreate", made);
      return made;
    },
    get: own,
    async use(owner, id) {
      const found = await known(owner, id);
      if (!(await store.touch(found.tenant, id))) throw noSession(id);
      sweepLater();
      await tell("onUse", found);
      return found;
    },
    async update(owner, id, change, { version } = {}) {
      for (let attempt = 1; ; attempt += 1) {
        const found = await known(owner, id);
        const data = typeof change === "function" ? change(found.data) : change;
        try {
          const updated = await store.update(found.tenant, id, version ?? found.version, data);
          await tell("onUse", updated);
          return updated;
        } catch (error) {
          if (!isConflict(error) || version !== undefined || attempt >= TRIES) throw error;
        }
      }
    },
    async delete(owner, id) {
      const found = await own(owner, id);
      const taken = found && (await store.delete(found.tenant, id));
      if (taken === undefined) return false;
      await tell("onDelete", taken);
      return true;
    },
    async list({ tenant = LOCAL, principal } = {}, { cursor, limit } = {}) {
      const page = await store.list(tenant, {
        ...(cursor !== undefined && { cursor }),
        ...(limit !== undefined && { limit }),
      });
      if (principal === undefined) return page;
      return { ...page, sessions: page.sessions.filter((session) => session.principal === principal) };
    },
    cleanupExpired,
    dispose() {
      disposed = true;
      cancelSweep?.();
    },
  };
}

/** What `not_found` says of a session, whoever made it, if anybody did. */
export const noSession = (id: string): OptimizerError =>
  new OptimizerError("not_found", {
    detail: `there is no session ${JSON.stringify(id.slice(0, 80))}, or it has ended. Leave it out: a run that sets something without a session makes one, and its answer names it`,
  });

const isSessionId = (id: string): boolean =>
  id.length > 0 && id.length <= 256 && id.isWellFormed() && !/\p{Cc}/u.test(id);

const isConflict = (error: unknown): boolean => OptimizerError.is(error) && error.code === "conflict";
