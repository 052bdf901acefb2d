import { createSqliteExecutionLog, type SqliteExecutionLog } from "@mcp-optimizer/context-sqlite";
import type { Log } from "@mcp-optimizer/contracts";
import { systemClock as clock } from "@mcp-optimizer/core";
import { configuredState } from "./configured-state.ts";
import { hintingAtState } from "./hinting-at-state.ts";

/** Opens the log of runs, for a command that needs nothing else. Rejects with `config_invalid` or `store_unavailable`. */
export async function openConfiguredLog(
  { config }: { readonly config: string | undefined },
  log: Log,
): Promise<SqliteExecutionLog> {
  const { file } = configuredState(config, "runs are kept", log);
  return await hintingAtState(() => createSqliteExecutionLog({ file, clock }));
}
