import type { SandboxSettings } from "@mcp-optimizer/sandbox";
import { parseConfigDocument } from "@mcp-optimizer/upstreams";
import { chooseSandbox } from "./choose-sandbox.ts";
import { parseSettings } from "./parse-settings.ts";
import { readConfigIfAny } from "./read-config.ts";

/**
 * The sandbox's settings for a command that needs no server: those of the configuration, or the defaults where nobody named one and
 * there is none. Throws `config_invalid`.
 */
export function configuredSandbox(flags: {
  readonly config: string | undefined;
  readonly sandbox: string | undefined;
}): SandboxSettings {
  const found = readConfigIfAny(flags.config);
  const { sandbox = {} } = found ? parseSettings(parseConfigDocument(found.text, found.file)) : {};
  return chooseSandbox(sandbox, { flag: flags.sandbox, env: process.env });
}
