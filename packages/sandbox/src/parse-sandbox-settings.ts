import { OptimizerError } from "@mcp-optimizer/contracts";
import { SandboxSettingsSchema, type SandboxSettings } from "./sandbox-settings.ts";

/** Checks settings that did not come from a configuration file. Throws `config_invalid` that names the key. */
export function parseSandboxSettings(settings: unknown): SandboxSettings {
  const parsed = SandboxSettingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new OptimizerError("config_invalid", { detail: `${["sandbox", ...path].join(".")}: ${message}` });
}
