import { OptimizerError } from "@mcp-optimizer/contracts";
import { isSandboxName, unknownSandbox, type SandboxSettings } from "@mcp-optimizer/sandbox/settings";

/** Where a choice of sandboxes may come from beside the configuration. */
export interface SandboxChoice {
  /** The value of `--sandbox`. */
  readonly flag: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where it is said that programs run without a sandbox; nowhere when left out. */
  readonly switchedOff?: "configuration" | "environment" | undefined;
}

/**
 * The sandbox's settings with the choice of `--sandbox`, else of `MCP_OPTIMIZER_SANDBOX`, in place of the configuration's: a name, or
 * several with commas between them, the preferred first. A sandbox that is switched off is `basic`, unless a nearer choice names one.
 * Throws `config_invalid`, also when one place says both.
 */
export function chooseSandbox(
  settings: SandboxSettings,
  { flag, env, switchedOff }: SandboxChoice,
): SandboxSettings {
  const setting = flag === undefined ? "MCP_OPTIMIZER_SANDBOX" : "--sandbox";
  const chosen = flag ?? env["MCP_OPTIMIZER_SANDBOX"] ?? "";
  const named = chosen !== "" || flag !== undefined;
  const off = switchedOff === undefined ? 0 : NEARNESS[switchedOff];
  const place = flag !== undefined ? 3 : named ? NEARNESS.environment : NEARNESS.configuration;
  const backend = named ? namedSandboxes(chosen, setting) : settings.backend;
  if (off === 0 || (place > off && named)) return named ? { ...settings, backend: backend! } : settings;
  const other = place === off ? [backend ?? []].flat().find((name) => name !== "basic") : undefined;
  if (other === undefined) return { ...settings, backend: "basic" };
  const said = named
    ? `MCP_OPTIMIZER_ENABLE_SANDBOX is off, and ${setting}`
    : "optimizer.features.enableSandbox is false, and optimizer.sandbox.backend";
  throw new OptimizerError("config_invalid", { detail: `${said} names ${other}; take one of them away` });
}

const NEARNESS = { configuration: 1, environment: 2 } as const;

const namedSandboxes = (names: string, setting: string): NonNullable<SandboxSettings["backend"]> =>
  names.split(",").map((name) => {
    const plain = name.trim();
    if (isSandboxName(plain)) return plain;
    throw new OptimizerError("config_invalid", { detail: `${setting}: ${unknownSandbox(plain)}` });
  });
