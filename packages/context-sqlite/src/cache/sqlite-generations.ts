import { randomUUID } from "node:crypto";
import type { Clock, ResponseCache } from "@mcp-optimizer/contracts";
import type { Database, Statements } from "../open-database.ts";

/** Servers whose generations are kept. One that went begins with another, and nothing that was kept under the last one counts. */
const MOST_SERVERS = 10_000;

/** Generations of servers in a file. They are random: none comes again after the file was lost, or another took its place. */
export function createGenerations(
  database: Database,
  clock: Pick<Clock, "now">,
  bootId: string | undefined,
): Pick<ResponseCache, "generations" | "hold" | "release"> {
  const hold = (sql: Statements, server: string, by: string, ms: number): void => {
    const now = clock.now();
    sql("DELETE FROM cache_holds WHERE until <= ? OR (server = ? AND holder = ?)").run(now, server, by);
    begin(sql, server);
    if (ms <= 0) return;
    sql("INSERT INTO cache_holds VALUES (?, ?, ?)").run(server, by, now + Math.ceil(ms));
  };
  return {
    async generations(servers) {
      const given = (found: string | undefined | null) => found && `${found}.${bootId ?? ""}`;
      const names = servers.map((server) => JSON.stringify(server));
      const read = (sql: Statements) => names.map((name) => generationOf(sql, name, clock.now()));
      const known = await database.read(read);
      if (!known.includes(null)) return known.map((one) => given(one) ?? undefined);
      return await database.write("process", (sql) => {
        for (const [at, one] of read(sql).entries()) if (one === null) begin(sql, names[at]!);
        return read(sql).map((one) => given(one) ?? undefined);
      });
    },
    // What was read before a write must not count again after a power cut: nothing does that was read before the machine started.
    hold: (server, by, ms) =>
      database.write(bootId === undefined ? "power" : "process", (sql) =>
        hold(sql, JSON.stringify(server), JSON.stringify(by), ms),
      ),
    // A release that a power cut takes leaves the hold, which ends by itself.
    release: (server, by) =>
      database.write("process", (sql) => hold(sql, JSON.stringify(server), JSON.stringify(by), 0)),
  };
}

/** Undefined while the server is held; null when it has none. */
function generationOf(sql: Statements, server: string, now: number): string | undefined | null {
  const holds = "SELECT 1 FROM cache_holds WHERE server = ? AND until > ? LIMIT 1";
  if (sql(holds).get(server, now) !== undefined) return undefined;
  const row = sql("SELECT generation FROM cache_servers WHERE server = ?").get(server);
  return row === undefined ? null : String(row["generation"]);
}

function begin(sql: Statements, server: string): void {
  sql("INSERT OR REPLACE INTO cache_servers (server, generation) VALUES (?, ?)").run(server, randomUUID());
  sql(
    "DELETE FROM cache_servers WHERE place <= (SELECT place FROM cache_servers ORDER BY place DESC LIMIT 1 OFFSET ?)",
  ).run(MOST_SERVERS);
}
