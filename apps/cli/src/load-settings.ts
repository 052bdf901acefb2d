import type { Log } from "@mcp-optimizer/contracts";
import { parseConfigDocument, parseServersConfig, type ParsedServers } from "@mcp-optimizer/upstreams/config";
import { fileURLToPath } from "node:url";
import { unknownVariables, type Environment } from "./parse-environment.ts";
import { parseSettings } from "./parse-settings.ts";
import type { ConfigText } from "./read-config.ts";
import { resolveSettings, type ResolvedSettings } from "./resolve-settings.ts";
import type { SettingFlags } from "./setting-flags.ts";

/** A configuration, read. */
export interface LoadedSettings {
  readonly settings: ResolvedSettings;
  /** Variables in them are not expanded. */
  readonly servers: ParsedServers;
}

/** What a configuration is read with. */
export interface LoadOptions {
  readonly env: Environment;
  readonly flags?: SettingFlags;
  readonly log: Log;
}

const SELF = fileURLToPath(new URL("../bin/run.js", import.meta.url));
/** Offered by the optimizer itself, and nevertheless held to the policy. */
const OWN_SERVERS = ["intents"];

/** Reads a configuration with what the environment and the flags say of its settings. Starts nothing. Throws `config_invalid` or `invalid_params`. */
export function loadSettings({ file, text }: ConfigText, { env, flags, log }: LoadOptions): LoadedSettings {
  const servers = parseServersConfig(text, { file, selfPaths: [SELF] });
  // A policy may speak of servers that are switched off.
  const names = [
    ...servers.servers.map(({ name }) => name),
    ...servers.notes.flatMap(({ server }) => server ?? []),
    ...OWN_SERVERS,
  ];
  const parsed = parseSettings(parseConfigDocument(text, file), [...new Set(names)]);
  const settings = resolveSettings(parsed, { env, ...(flags && { flags }) });
  for (const name of unknownVariables(env))
    log({ level: "warn", message: `${name} is no setting; see the list in docs/reference/configuration.md` });
  return { settings, servers };
}
