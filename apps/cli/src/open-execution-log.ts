import { homedir } from "node:os";
import { join } from "node:path";
import { createSqliteExecutionLog, type SqliteExecutionLog } from "@mcp-optimizer/context-sqlite";
import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import { systemClock } from "@mcp-optimizer/core";
import { loadSettings } from "./load-settings.ts";
import { readConfigIfAny } from "./read-config.ts";
import { resolveSettings } from "./resolve-settings.ts";
import type { Settings } from "./settings.ts";
import { STATE_FILE, stateFolder } from "./state-folder.ts";

const HINT = 'optimizer.state takes another folder, or "memory"';

/** Opens the log of these settings; undefined where runs are kept in memory. Rejects with `store_unavailable`. */
export async function openExecutionLog(
  settings: Pick<Settings, "state">,
): Promise<SqliteExecutionLog | undefined> {
  const folder = stateFolder(settings, process.env, homedir());
  if (folder === undefined) return undefined;
  try {
    return await createSqliteExecutionLog({ file: join(folder, STATE_FILE), clock: systemClock });
  } catch (error) {
    if (!OptimizerError.is(error)) throw error;
    const { code, message } = error;
    throw OptimizerError.restore({ code, message: `${message}; ${HINT}` });
  }
}

/**
 * Opens the log for a command that needs nothing else: that of the configuration, or the usual one where there is none. Rejects with
 * `config_invalid` or `store_unavailable`.
 */
export async function openConfiguredLog(
  flags: { readonly config: string | undefined },
  log: Log,
): Promise<SqliteExecutionLog> {
  const found = readConfigIfAny(flags.config);
  const sources = { env: process.env };
  const settings =
    found === undefined ? resolveSettings({}, sources) : loadSettings(found, { ...sources, log }).settings;
  const opened = await openExecutionLog(settings);
  if (opened !== undefined) return opened;
  throw new OptimizerError("config_invalid", {
    detail: `optimizer.state is "memory": runs are kept no longer than the process that made them; name a folder`,
  });
}
