import { homedir } from "node:os";
import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import { parseStatePlace, type State } from "@mcp-optimizer/state";
import { loadSettings } from "./load-settings.ts";
import { openState } from "./open-state.ts";
import { readConfigIfAny } from "./read-config.ts";
import { resolveSettings } from "./resolve-settings.ts";
import type { Settings } from "./settings.ts";
import { statePlace } from "./state-place.ts";

/** What is kept, with the settings that say where. */
export interface ConfiguredState extends State {
  readonly settings: Settings;
}

/**
 * Opens the stores of the configuration, or the usual ones where there is no configuration, for a command that needs nothing else. Rejects with
 * `store_unavailable`, and with `config_invalid`, also where `kept`, in words, does not outlive a process.
 */
export async function openConfiguredState(
  { config }: { readonly config: string | undefined },
  kept: string,
  log: Log,
): Promise<ConfiguredState> {
  const found = readConfigIfAny(config);
  const sources = { env: process.env };
  const settings =
    found === undefined ? resolveSettings({}, sources) : loadSettings(found, { ...sources, log }).settings;
  if (parseStatePlace(statePlace(settings, process.env, homedir())).kind === "memory") {
    throw new OptimizerError("config_invalid", {
      detail: `optimizer.state is "memory": ${kept} no longer than the process lives; name a folder, or a Redis`,
    });
  }
  return { ...(await openState(settings, log)), settings };
}
