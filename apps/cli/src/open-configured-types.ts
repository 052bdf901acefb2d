import { createSqliteLearnedTypeStore, type SqliteLearnedTypeStore } from "@mcp-optimizer/context-sqlite";
import type { Log } from "@mcp-optimizer/contracts";
import { configuredState } from "./configured-state.ts";
import { hintingAtState } from "./hinting-at-state.ts";

/** Opens what was learned, for a command that needs nothing else. Rejects with `config_invalid` or `store_unavailable`. */
export async function openConfiguredTypes(
  { config }: { readonly config: string | undefined },
  log: Log,
): Promise<SqliteLearnedTypeStore> {
  const { file } = configuredState(config, "what is learned of tools is known", log);
  return await hintingAtState(() => createSqliteLearnedTypeStore({ file }));
}
