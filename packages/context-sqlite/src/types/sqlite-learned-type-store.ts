import type { JsonValue, LearnedType, LearnedTypeStore } from "@mcp-optimizer/contracts";
import { openDatabase, type Statements } from "../open-database.ts";

/** Settings of a {@link createSqliteLearnedTypeStore}. */
export interface SqliteLearnedTypeStoreOptions {
  /** The state file; made, with its folder, where there is none. On a disk of this machine. */
  readonly file: string;
  /** Tools that are kept, of all tenants together; over it, those go first whose entry is the longest unchanged. Default 20,000. */
  readonly maxTools?: number;
}

/** A store of learned types in a file. */
export interface SqliteLearnedTypeStore extends LearnedTypeStore, AsyncDisposable {
  /** Closes the file. What is asked of the store afterwards rejects with `store_unavailable`. */
  dispose(): Promise<void>;
}

const COLUMNS = "server, tool, definition, seen, type";

/**
 * Learned types in a file that several processes may share: of two that learn at once, nothing is lost. They outlast the process; a power cut
 * may take the last ones, which are learned again. Rejects with `store_unavailable` for a file that cannot be used.
 */
export async function createSqliteLearnedTypeStore(
  options: SqliteLearnedTypeStoreOptions,
): Promise<SqliteLearnedTypeStore> {
  const { file, maxTools = 20_000 } = options;
  const database = await openDatabase(file);
  const dispose = async (): Promise<void> => database.dispose();
  return {
    list: (tenant) =>
      database.read((sql) => {
        const query = `SELECT ${COLUMNS} FROM learned_types WHERE tenant = ? ORDER BY server, tool`;
        return sql(query).all(JSON.stringify(tenant)).map(typeOf);
      }),
    update: (tenant, server, tool, change) =>
      database.write("process", (sql) => {
        const name = [tenant, server, tool].map((part) => JSON.stringify(part)) as [string, string, string];
        const query = `SELECT ${COLUMNS} FROM learned_types WHERE tenant = ? AND server = ? AND tool = ?`;
        const stored = sql(query).get(...name);
        const changed = change(stored && typeOf(stored));
        const { definition, seen, type } = changed;
        sql(
          `INSERT OR REPLACE INTO learned_types (tenant, ${COLUMNS}, changed)
           VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(changed), 0) + 1 FROM learned_types))`,
        ).run(...name, definition, seen, JSON.stringify(type));
        if (stored === undefined) evict(sql, maxTools);
        return changed;
      }),
    forget: (tenant, server, tool) =>
      database.write("process", (sql) => {
        const parts = [tenant, server, tool].filter((part) => part !== undefined);
        const where = ["tenant = ?", "server = ?", "tool = ?"].slice(0, parts.length).join(" AND ");
        const { changes } = sql(`DELETE FROM learned_types WHERE ${where}`).run(
          ...parts.map((part) => JSON.stringify(part)),
        );
        return Number(changes);
      }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function evict(sql: Statements, maxTools: number): void {
  const over = Number(sql("SELECT count(*) AS tools FROM learned_types").get()!["tools"]) - maxTools;
  if (over <= 0) return;
  sql(
    `DELETE FROM learned_types WHERE (tenant, server, tool) IN
       (SELECT tenant, server, tool FROM learned_types ORDER BY changed LIMIT ?)`,
  ).run(over);
}

function typeOf(row: Readonly<Record<string, unknown>>): LearnedType {
  const { server, tool, definition, seen, type } = row;
  return {
    server: JSON.parse(String(server)) as string,
    tool: JSON.parse(String(tool)) as string,
    definition: String(definition),
    seen: Number(seen),
    type: JSON.parse(String(type)) as JsonValue,
  };
}
