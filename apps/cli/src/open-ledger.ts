import { homedir } from "node:os";
import { join } from "node:path";
import { createSqliteLedgerStore, type SqliteLedgerStore } from "@mcp-optimizer/context-sqlite";
import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import { systemClock } from "@mcp-optimizer/core";
import { loadSettings } from "./load-settings.ts";
import { readConfigIfAny } from "./read-config.ts";
import { resolveSettings } from "./resolve-settings.ts";
import type { Settings } from "./settings.ts";
import { STATE_FILE, stateFolder } from "./state-folder.ts";

/** Opens the ledger of these settings; undefined where it is kept in memory. Rejects with `store_unavailable`. */
export async function openLedger(settings: Pick<Settings, "state">): Promise<SqliteLedgerStore | undefined> {
  const folder = stateFolder(settings, process.env, homedir());
  if (folder === undefined) return undefined;
  return await createSqliteLedgerStore({ file: join(folder, STATE_FILE), clock: systemClock });
}

/** A ledger that a command reads. */
export interface ConfiguredLedger {
  readonly store: SqliteLedgerStore;
  /** Whether anything is being recorded. */
  readonly recording: boolean;
}

/**
 * Opens the ledger for a command that needs nothing else: that of the configuration, or the usual one where there is none. Rejects with
 * `config_invalid` or `store_unavailable`.
 */
export async function openConfiguredLedger(
  flags: { readonly config: string | undefined },
  log: Log,
): Promise<ConfiguredLedger> {
  const found = readConfigIfAny(flags.config);
  const sources = { env: process.env };
  const settings =
    found === undefined ? resolveSettings({}, sources) : loadSettings(found, { ...sources, log }).settings;
  const store = await openLedger(settings);
  if (store !== undefined) return { store, recording: settings.ledger !== false };
  throw new OptimizerError("config_invalid", {
    detail: `optimizer.state is "memory": what was saved is kept no longer than the process that saved it; name a folder`,
  });
}
