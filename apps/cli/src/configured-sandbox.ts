import type { Log } from "@mcp-optimizer/contracts";
import type { SandboxSettings } from "@mcp-optimizer/sandbox";
import { loadSettings } from "./load-settings.ts";
import { readConfigIfAny } from "./read-config.ts";
import { resolveSettings } from "./resolve-settings.ts";

/**
 * The sandbox's settings for a command that needs no server: those of the configuration, or the defaults where nobody named one and
 * there is none. Throws `config_invalid`.
 */
export function configuredSandbox(
  flags: { readonly config: string | undefined; readonly sandbox: string | undefined },
  log: Log,
): SandboxSettings {
  const found = readConfigIfAny(flags.config);
  const sources = { env: process.env, flags: { sandbox: flags.sandbox } };
  if (found === undefined) return resolveSettings({}, sources).sandbox;
  return loadSettings(found, { ...sources, log }).settings.sandbox;
}
