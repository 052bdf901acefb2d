import {
  OptimizerError,
  type Clock,
  type JsonObject,
  type SessionRecord,
  type SessionStore,
} from "@mcp-optimizer/contracts";
import { heldBy } from "../held.ts";
import { openDatabase, type Statements } from "../open-database.ts";

/** Settings of a {@link createSqliteSessionStore}. */
export interface SqliteSessionStoreOptions {
  /** The state file; made, with its folder, where there is none. On a disk of this machine. */
  readonly file: string;
  readonly clock: Pick<Clock, "now">;
  /** Stores of other names in the file do not see these sessions. */
  readonly name: string;
  /**
   * Sessions that are kept, of all tenants together. Over it, expired ones that nobody has taken make room; where there are none, a further one
   * is `concurrency_limit`. Default 100,000.
   */
  readonly maxSessions?: number;
  /** Bytes of all data as JSON; what would be over it is `context_limit`. Default 256 Mi. */
  readonly maxBytes?: number;
}

/** A session store in a file. */
export interface SqliteSessionStore extends SessionStore, AsyncDisposable {
  /** Closes the file. What is asked of the store afterwards rejects with `store_unavailable`. */
  dispose(): Promise<void>;
}

type Row = Readonly<Record<string, unknown>>;

const COLUMNS = "place, tenant, id, principal, data, version, created, expires, ttl_ms";
const LIVE = "store = ? AND tenant = ? AND id = ? AND expires > ?";

/**
 * Sessions in a file that several processes may share. What a method has resolved with outlasts the process; a power cut may take the last
 * changes. Rejects with `store_unavailable` for a file that cannot be used.
 */
export async function createSqliteSessionStore(
  options: SqliteSessionStoreOptions,
): Promise<SqliteSessionStore> {
  const { file, clock, name, maxSessions = 100_000, maxBytes = 256 * 1024 * 1024 } = options;
  const store = JSON.stringify(name);
  const database = await openDatabase(file);
  const dispose = async (): Promise<void> => database.dispose();
  const named = (tenant: string, id: string) => [store, JSON.stringify(tenant), JSON.stringify(id)] as const;
  const requireRoom = (sql: Statements, added: number): void => {
    if (heldBy(sql, store).size + added <= maxBytes) return;
    const detail = `all sessions together would be over ${maxBytes} bytes`;
    throw new OptimizerError("context_limit", { detail });
  };

  return {
    create: ({ tenant, id, principal, data, ttlMs }) =>
      database.write("process", (sql) => {
        const now = clock.now();
        const key = named(tenant, id);
        if (
          sql("SELECT 1 FROM sessions WHERE store = ? AND tenant = ? AND id = ?").get(...key) !== undefined
        ) {
          throw new OptimizerError("conflict", {
            detail: `there is a session ${JSON.stringify(id)} already`,
          });
        }
        if (heldBy(sql, store).entries >= maxSessions)
          sql("DELETE FROM sessions WHERE store = ? AND expires <= ?").run(store, now);
        if (heldBy(sql, store).entries >= maxSessions) {
          throw new OptimizerError("concurrency_limit", {
            detail: `there are ${maxSessions} sessions already`,
          });
        }
        const text = JSON.stringify(data);
        requireRoom(sql, Buffer.byteLength(text));
        const row = sql(
          `INSERT INTO sessions (store, tenant, id, principal, data, version, created, expires, ttl_ms)
           VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?) RETURNING ${COLUMNS}`,
        ).get(...key, JSON.stringify(principal), text, now, now + ttlMs, ttlMs);
        return recordOf(row!);
      }),
    get: (tenant, id) =>
      database.read((sql) => {
        const row = sql(`SELECT ${COLUMNS} FROM sessions WHERE ${LIVE}`).get(
          ...named(tenant, id),
          clock.now(),
        );
        return row && recordOf(row);
      }),
    update: (tenant, id, version, data) =>
      database.write("process", (sql) => {
        const now = clock.now();
        const key = named(tenant, id);
        const query = `SELECT version, octet_length(data) AS bytes FROM sessions WHERE ${LIVE}`;
        const known = sql(query).get(...key, now);
        if (known === undefined) {
          throw new OptimizerError("not_found", { detail: `there is no session ${JSON.stringify(id)}` });
        }
        if (known["version"] !== version) {
          const detail = `the session ${JSON.stringify(id)} has version ${Number(known["version"])} by now`;
          throw new OptimizerError("conflict", { detail });
        }
        const text = JSON.stringify(data);
        requireRoom(sql, Buffer.byteLength(text) - Number(known["bytes"]));
        const row = sql(
          `UPDATE sessions SET data = ?, version = version + 1, expires = ? + ttl_ms
           WHERE store = ? AND tenant = ? AND id = ? RETURNING ${COLUMNS}`,
        ).get(text, now, ...key);
        return recordOf(row!);
      }),
    touch: (tenant, id) =>
      database.write("process", (sql) => {
        const now = clock.now();
        const change = `UPDATE sessions SET expires = ? + ttl_ms WHERE ${LIVE}`;
        return Number(sql(change).run(now, ...named(tenant, id), now).changes) > 0;
      }),
    delete: (tenant, id) =>
      database.write("process", (sql) => {
        const remove = `DELETE FROM sessions WHERE ${LIVE} RETURNING ${COLUMNS}`;
        const row = sql(remove).get(...named(tenant, id), clock.now());
        return row && recordOf(row);
      }),
    async list(tenant, { cursor, limit = 20 } = {}) {
      const after = cursor === undefined ? 0 : placeOf(cursor);
      return await database.read((sql) => {
        const rows = sql(
          `SELECT ${COLUMNS} FROM sessions
           WHERE store = ? AND tenant = ? AND place > ? AND expires > ? ORDER BY place LIMIT ?`,
        ).all(store, JSON.stringify(tenant), after, clock.now(), limit + 1);
        const page = rows.slice(0, limit);
        const last = page.at(-1);
        const more = last !== undefined && rows.length > limit;
        return { sessions: page.map(recordOf), ...(more && { cursor: String(last["place"]) }) };
      });
    },
    async takeExpired(limit) {
      const expired = "SELECT place FROM sessions WHERE store = ? AND expires <= ? LIMIT ?";
      const some = await database.read((sql) => sql(expired).get(store, clock.now(), limit));
      if (some === undefined) return [];
      return await database.write("process", (sql) => {
        const take = `DELETE FROM sessions WHERE place IN (${expired}) RETURNING ${COLUMNS}`;
        return sql(take).all(store, clock.now(), limit).map(recordOf);
      });
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

const recordOf = ({
  tenant,
  id,
  principal,
  data,
  version,
  created,
  expires,
  ttl_ms: ttl,
}: Row): SessionRecord => ({
  tenant: JSON.parse(String(tenant)) as string,
  id: JSON.parse(String(id)) as string,
  principal: JSON.parse(String(principal)) as string,
  data: JSON.parse(String(data)) as JsonObject,
  version: Number(version),
  createdAt: Number(created),
  expiresAt: Number(expires),
  ttlMs: Number(ttl),
});

function placeOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new OptimizerError("invalid_params", { detail: "the cursor is not one that a list gave" });
}
