import type { ExecutionMode } from "@mcp-optimizer/contracts";
import type { ManifestProfile } from "@mcp-optimizer/core";
import type { CheckMode } from "@mcp-optimizer/core/settings";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";

/** What a command line may say of settings. */
export interface SettingFlags {
  readonly sandbox?: string | undefined;
  readonly mode?: ExecutionMode | undefined;
  readonly "max-tokens"?: number | undefined;
  readonly check?: CheckMode | undefined;
  readonly manifest?: ManifestProfile | undefined;
}

/** `--mode` */
export const modeFlag: Interfaces.OptionFlag<ExecutionMode | undefined> = Flags.option({
  options: ["mcp_only", "code_execution", "hybrid"] as const,
  description: "what is served: the servers' own tools, programs, or whichever costs less",
})();

/** `--max-tokens` */
export const maxTokensFlag: Interfaces.OptionFlag<number | undefined> = Flags.integer({
  description: "tokens that one request may cost, as estimated before it runs",
});

/** `--session` */
export const sessionFlag: Interfaces.OptionFlag<string | undefined> = Flags.string({
  description: "the session in which the program keeps variables, by the id that an earlier run told",
  helpValue: "ID",
});

/** `--check` */
export const checkFlag: Interfaces.OptionFlag<CheckMode | undefined> = Flags.option({
  options: ["strict", "advise", "off"] as const,
  description: "what is done about mistakes that are found before a program runs",
})();

/** `--manifest` */
export const manifestFlag: Interfaces.OptionFlag<ManifestProfile | undefined> = Flags.option({
  options: ["minimal", "standard"] as const,
  description: "how much the tool list says",
})();
