import { OptimizerError, type JsonObject, type SessionStore } from "@mcp-optimizer/contracts";
import { ownerKey, type Owner } from "../shared/owner.ts";

/** Sessions that one owner may have in the store: so many for each of the sixteen digits with which an id can begin, so that processes seldom meet. */
const MOST_OF_DIGIT = 32;
/** At the limit so many of the oldest are looked at, and the one that was used least recently makes room. */
const LOOKED_AT = 8;
const ATTEMPTS = 10;
/** Outlasts sessions that are used now and then. */
const TTL_MS = 7 * 24 * 3_600_000;

/** Which sessions an owner has in a store that all processes share, so that they are bounded. */
export interface SessionRoster {
  /** Enters a session by its UUID. Resolves with those of the owner that have to make room. Rejects with `store_unavailable`, or `concurrency_limit` when too many come at once. */
  enter(owner: Owner, id: string): Promise<readonly string[]>;
}

/** Makes the roster of a store. */
export function createSessionRoster(store: SessionStore): SessionRoster {
  /** In this process an owner's come one after the other. Resolves with what the one before was rejected with. */
  const queues = new Map<string, Promise<unknown>>();

  const lastUsed = async (owner: Owner, id: string): Promise<number> => {
    const record = await store.get(owner.tenant, id);
    return record === undefined ? -Infinity : record.expiresAt - record.ttlMs;
  };
  const withRoom = async (owner: Owner, ids: readonly string[]) => {
    if (ids.length < MOST_OF_DIGIT) return { kept: ids, gone: [] };
    const oldest = ids.slice(0, LOOKED_AT);
    const used = await Promise.all(oldest.map((id) => lastUsed(owner, id)));
    const over = oldest.filter((_, index) => used[index] === -Infinity);
    const gone = over.length > 0 ? over : [oldest[used.indexOf(Math.min(...used))]!];
    const stay = oldest.filter((id) => !gone.includes(id));
    // The others are looked at again when all have been.
    return { kept: [...ids.slice(LOOKED_AT), ...stay], gone };
  };
  const attempt = async (owner: Owner, id: string): Promise<readonly string[]> => {
    const { tenant, principal } = owner;
    const at = `roster/${id[0]}/${principal}`;
    const record = await store.get(tenant, at);
    const known = record?.data["ids"];
    const { kept, gone } = await withRoom(owner, Array.isArray(known) ? known.map(String) : []);
    const data: JsonObject = { ids: [...kept, id] };
    if (record === undefined) await store.create({ tenant, principal, id: at, data, ttlMs: TTL_MS });
    else await store.update(tenant, at, record.version, data);
    return gone;
  };
  const entered = async (owner: Owner, id: string): Promise<readonly string[]> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(owner, id);
      } catch (error) {
        const code = OptimizerError.is(error) ? error.code : undefined;
        if (code !== "conflict" && code !== "not_found") throw error;
        if (tries === ATTEMPTS) {
          throw new OptimizerError("concurrency_limit", { detail: "too many sessions begin at once" });
        }
        // One that has expired is in the way until it is taken out.
        await store.takeExpired(100);
      }
    }
  };

  return {
    async enter(owner, id) {
      const key = `${id[0]} ${ownerKey(owner)}`;
      const turn = (queues.get(key) ?? Promise.resolve()).then((failure) => {
        // Who waits while the store is away does not wait for it once more.
        if (OptimizerError.is(failure) && failure.code === "store_unavailable") throw failure;
        return entered(owner, id);
      });
      const settled = turn.then(
        () => undefined,
        (failure: unknown) => failure,
      );
      queues.set(key, settled);
      try {
        return await turn;
      } finally {
        if (queues.get(key) === settled) queues.delete(key);
      }
    },
  };
}
