import { OptimizerError } from "@mcp-optimizer/contracts";
import { isSandboxName, unknownSandbox, type SandboxSettings } from "@mcp-optimizer/sandbox";

/** Where a choice of sandboxes may come from beside the configuration. */
export interface SandboxChoice {
  /** The value of `--sandbox`. */
  readonly flag: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The sandbox's settings with the choice of `--sandbox`, else of `MCP_OPTIMIZER_SANDBOX`, in place of the configuration's: a name, or
 * several with commas between them, the preferred first. Throws `config_invalid`.
 */
export function chooseSandbox(settings: SandboxSettings, { flag, env }: SandboxChoice): SandboxSettings {
  const setting = flag === undefined ? "MCP_OPTIMIZER_SANDBOX" : "--sandbox";
  const chosen = flag ?? env["MCP_OPTIMIZER_SANDBOX"] ?? "";
  if (chosen === "" && flag === undefined) return settings;
  const backend = chosen.split(",").map((name) => {
    const plain = name.trim();
    if (isSandboxName(plain)) return plain;
    throw new OptimizerError("config_invalid", { detail: `${setting}: ${unknownSandbox(plain)}` });
  });
  return { ...settings, backend };
}
