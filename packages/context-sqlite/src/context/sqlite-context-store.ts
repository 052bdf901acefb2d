import {
  OptimizerError,
  type Clock,
  type ContextScope,
  type ContextStore,
  type EvictedKey,
  type JsonValue,
} from "@mcp-optimizer/contracts";
import { openDatabase, type Statements } from "../open-database.ts";
import { evictContexts } from "./evict-contexts.ts";

/** Settings of a {@link createSqliteContextStore}. */
export interface SqliteContextStoreOptions {
  /** The state file; made, with its folder, where there is none. On a disk of this machine. */
  readonly file: string;
  readonly clock: Pick<Clock, "now">;
  /**
   * Bytes of all sessions together, counted as for the limit of one, each key with 200 more. Over it goes what was used least recently in other
   * sessions, of the tenant that has most. Default 256 Mi.
   */
  readonly maxBytes?: number;
}

/** A context store in a file. */
export interface SqliteContextStore extends ContextStore, AsyncDisposable {
  /** Closes the file. What is asked of the store afterwards rejects with `store_unavailable`. */
  dispose(): Promise<void>;
}

const FOUND = `FROM context_values
  WHERE tenant = ? AND session = ? AND namespace = ? AND key = ? AND expires > ?`;
const OF_SESSION = "FROM context_values WHERE tenant = ? AND session = ? AND expires > ?";
const OF_NAMESPACE = `${OF_SESSION} AND namespace = ?`;

/**
 * Contexts in a file that several processes may share. What a method has resolved with outlasts the process; a power cut may take what was set
 * last. Rejects with `store_unavailable` for a file that cannot be used.
 */
export async function createSqliteContextStore(
  options: SqliteContextStoreOptions,
): Promise<SqliteContextStore> {
  const { file, clock, maxBytes = 256 * 1024 * 1024 } = options;
  const database = await openDatabase(file);
  const dispose = async (): Promise<void> => database.dispose();
  return {
    async set(scope, key, value, { ttlMs, limitBytes }) {
      const text = JSON.stringify(value);
      const bytes = Buffer.byteLength(key) + Buffer.byteLength(text);
      const limit = Math.min(limitBytes, maxBytes - 200);
      if (bytes > limit) {
        const detail = `${bytes} bytes of ${limit} that all of the session may have`;
        throw new OptimizerError("context_limit", { detail });
      }
      return await database.write("process", (sql) => {
        const now = clock.now();
        const [tenant, session, namespace, name] = namesOf(scope, key);
        sql(`DELETE FROM context_values
             WHERE tenant = ? AND session = ? AND namespace = ? AND key = ?`).run(
          tenant,
          session,
          namespace,
          name,
        );
        const evicted = makeRoom(sql, [tenant, session, now], limit - bytes);
        sql(
          `INSERT INTO context_values (tenant, session, namespace, key, value, bytes, expires, used)
           VALUES (?, ?, ?, ?, ?, ?, ?, ${NEXT_USE})`,
        ).run(tenant, session, namespace, name, text, bytes, now + ttlMs);
        evictContexts(sql, { tenant, session, now, maxBytes });
        return evicted;
      });
    },
    async get(scope, key) {
      const find = (sql: Statements) =>
        sql(`SELECT id, value, used = (SELECT max(used) FROM context_values) AS newest ${FOUND}`).get(
          ...namesOf(scope, key),
          clock.now(),
        );
      const found = await database.read(find);
      if (found === undefined) return undefined;
      if (found["newest"] !== 1) {
        await database.write("process", (sql) =>
          sql(`UPDATE context_values SET used = ${NEXT_USE} WHERE id = ?`).run(found["id"]!),
        );
      }
      return parsed(found["value"]);
    },
    delete: (scope, key) =>
      database.write("process", (sql) => {
        const { changes } = sql(`DELETE ${FOUND}`).run(...namesOf(scope, key), clock.now());
        return Number(changes) > 0;
      }),
    keys: ({ tenant, session, namespace }) =>
      database.read((sql) => {
        const rows = sql(`SELECT key ${OF_NAMESPACE}`).all(
          JSON.stringify(tenant),
          JSON.stringify(session),
          clock.now(),
          JSON.stringify(namespace),
        );
        return rows.map(({ key }) => parsed(key) as string).sort();
      }),
    clear: (tenant, session, namespace) =>
      database.write("process", (sql) => {
        const owner = [JSON.stringify(tenant), JSON.stringify(session), clock.now()] as const;
        const { changes } =
          namespace === undefined
            ? sql(`DELETE ${OF_SESSION}`).run(...owner)
            : sql(`DELETE ${OF_NAMESPACE}`).run(...owner, JSON.stringify(namespace));
        return Number(changes);
      }),
    size: (tenant, session, namespace) =>
      database.read((sql) => {
        const owner = [JSON.stringify(tenant), JSON.stringify(session), clock.now()] as const;
        const total = "SELECT coalesce(sum(bytes), 0) AS bytes";
        const row =
          namespace === undefined
            ? sql(`${total} ${OF_SESSION}`).get(...owner)
            : sql(`${total} ${OF_NAMESPACE}`).get(...owner, JSON.stringify(namespace));
        return Number(row!["bytes"]);
      }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

const NEXT_USE = "(SELECT coalesce(max(used), 0) + 1 FROM context_values)";

/** Takes out of a session what was used least recently, until the rest is within a size. */
function makeRoom(
  sql: Statements,
  owner: readonly [tenant: string, session: string, now: number],
  size: number,
): EvictedKey[] {
  let over =
    Number(sql(`SELECT coalesce(sum(bytes), 0) AS bytes ${OF_SESSION}`).get(...owner)!["bytes"]) - size;
  if (over <= 0) return [];
  const doomed = [];
  for (const row of sql(`SELECT id, namespace, key, bytes ${OF_SESSION} ORDER BY used`).iterate(...owner)) {
    if (over <= 0) break;
    over -= Number(row["bytes"]);
    doomed.push(row);
  }
  for (const { id } of doomed) sql("DELETE FROM context_values WHERE id = ?").run(id!);
  return doomed.map(({ namespace, key }) => ({
    namespace: parsed(namespace) as string,
    key: parsed(key) as string,
  }));
}

const namesOf = (scope: ContextScope, key: string): [string, string, string, string] => [
  JSON.stringify(scope.tenant),
  JSON.stringify(scope.session),
  JSON.stringify(scope.namespace),
  JSON.stringify(key),
];

const parsed = (json: unknown): JsonValue => JSON.parse(String(json)) as JsonValue;
