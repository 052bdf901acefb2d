import { homedir } from "node:os";
import { join } from "node:path";
import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import { loadSettings } from "./load-settings.ts";
import { readConfigIfAny } from "./read-config.ts";
import { resolveSettings } from "./resolve-settings.ts";
import type { Settings } from "./settings.ts";
import { STATE_FILE, stateFolder } from "./state-folder.ts";

/** Where a command that needs nothing else finds what is kept. */
export interface ConfiguredState {
  readonly file: string;
  readonly settings: Settings;
}

/**
 * The state file of the configuration, or the usual one where there is no configuration. Throws `config_invalid`, also where `kept`, in words,
 * does not outlive a process.
 */
export function configuredState(config: string | undefined, kept: string, log: Log): ConfiguredState {
  const found = readConfigIfAny(config);
  const sources = { env: process.env };
  const settings =
    found === undefined ? resolveSettings({}, sources) : loadSettings(found, { ...sources, log }).settings;
  const folder = stateFolder(settings, process.env, homedir());
  if (folder !== undefined) return { file: join(folder, STATE_FILE), settings };
  throw new OptimizerError("config_invalid", {
    detail: `optimizer.state is "memory": ${kept} no longer than the process lives; name a folder`,
  });
}
