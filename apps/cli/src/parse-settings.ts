import { RunLimitsSchema, type RunLimits } from "@mcp-optimizer/contracts";
import type { ManifestProfile } from "@mcp-optimizer/core";
import { SandboxSettingsSchema, type SandboxSettings } from "@mcp-optimizer/sandbox";
import type { ConfigDocument } from "@mcp-optimizer/upstreams";
import * as z from "zod";

/** What a configuration file may set under `optimizer`. */
export interface Settings {
  /** Limits of every run. Defaults: those of the engine. */
  readonly limits?: Partial<RunLimits>;
  /** Tokens of a result that the model sees. Default 2,000. */
  readonly resultTokens?: number;
  /** Runs at once. Default 64. */
  readonly maxRuns?: number;
  /** How much the tool list says. Default `minimal`. */
  readonly manifest?: ManifestProfile;
  /** Where programs run. Default: the embedded sandbox. */
  readonly sandbox?: SandboxSettings;
}

const SettingsSchema = z.strictObject({
  limits: RunLimitsSchema.optional(),
  resultTokens: z.int().min(50).max(1_000_000).optional(),
  maxRuns: z.int().min(1).max(10_000).optional(),
  manifest: z.enum(["minimal", "standard"]).optional(),
  sandbox: SandboxSettingsSchema.optional(),
});

/** Reads the `optimizer` block. Throws `config_invalid` with file, line and key. */
export function parseSettings(document: ConfigDocument): Settings {
  const parsed = SettingsSchema.safeParse(document.value(["optimizer"]) ?? {});
  if (parsed.success) return parsed.data as Settings;
  const issue = parsed.error.issues[0]!;
  const path = issue.path.filter((part) => typeof part !== "symbol");
  throw document.error(["optimizer", ...path], issue.message);
}
