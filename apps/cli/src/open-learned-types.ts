import { homedir } from "node:os";
import { join } from "node:path";
import { createSqliteLearnedTypeStore, type SqliteLearnedTypeStore } from "@mcp-optimizer/context-sqlite";
import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import { loadSettings } from "./load-settings.ts";
import { readConfigIfAny } from "./read-config.ts";
import { resolveSettings } from "./resolve-settings.ts";
import type { Settings } from "./settings.ts";
import { STATE_FILE, stateFolder } from "./state-folder.ts";

/** Opens the store of learned types of these settings; undefined where they are kept in memory, or nothing is learned. Rejects with `store_unavailable`. */
export async function openLearnedTypes({
  learning,
  state,
}: Pick<Settings, "learning" | "state">): Promise<SqliteLearnedTypeStore | undefined> {
  const folder =
    learning === "off"
      ? undefined
      : stateFolder(state === undefined ? {} : { state }, process.env, homedir());
  return folder === undefined
    ? undefined
    : await createSqliteLearnedTypeStore({ file: join(folder, STATE_FILE) });
}

/**
 * Opens the store for a command that needs nothing else: that of the configuration, or the usual one where there is none. Rejects with
 * `config_invalid` or `store_unavailable`.
 */
export async function openConfiguredTypes(
  flags: { readonly config: string | undefined },
  log: Log,
): Promise<SqliteLearnedTypeStore> {
  const found = readConfigIfAny(flags.config);
  const sources = { env: process.env };
  const { learning: _any, ...settings } =
    found === undefined ? resolveSettings({}, sources) : loadSettings(found, { ...sources, log }).settings;
  const store = await openLearnedTypes(settings);
  if (store !== undefined) return store;
  throw new OptimizerError("config_invalid", {
    detail: `optimizer.state is "memory": what is learned of tools is kept no longer than the process that learned it; name a folder`,
  });
}
