import { DEFAULT_RUN_LIMITS, OptimizerError, type Log, type SandboxProbe } from "@mcp-optimizer/contracts";
import { createSandbox } from "./create-sandbox.ts";
import { parseSandboxSettings } from "./parse-sandbox-settings.ts";
import { SANDBOX_NAMES, type SandboxName } from "./sandbox-name.ts";
import { SANDBOX_BOUNDS, type SandboxSettings } from "./sandbox-settings.ts";

/** A sandbox and what it can do on this machine. */
export interface ProbedSandbox {
  readonly name: SandboxName;
  readonly probe: SandboxProbe;
}

const NONE = Object.fromEntries(
  SANDBOX_BOUNDS.map((bound) => [bound, "none"]),
) as unknown as SandboxProbe["enforcement"];

/**
 * Looks at every sandbox as the settings set it up, one after another, and leaves none open. `docker` and `gvisor` make their image where
 * the daemon has none yet. Rejects with `config_invalid`.
 */
export async function probeSandboxes(
  settings: SandboxSettings = {},
  log: Log = () => undefined,
): Promise<readonly ProbedSandbox[]> {
  const parsed = parseSandboxSettings(settings);
  const found: ProbedSandbox[] = [];
  const quiet: Log = (entry) => log({ ...entry, level: "debug" });
  for (const name of SANDBOX_NAMES) found.push({ name, probe: await probeOne(name, parsed, quiet) });
  return found;
}

async function probeOne(name: SandboxName, settings: SandboxSettings, log: Log): Promise<SandboxProbe> {
  try {
    const backend = await createSandbox(name, settings, { limits: DEFAULT_RUN_LIMITS, warm: false, log });
    try {
      return await backend.probe();
    } finally {
      await backend.dispose();
    }
  } catch (error) {
    // Settings of one sandbox that contradict each other must not hide the others.
    if (!OptimizerError.is(error)) throw error;
    return {
      available: false,
      reason: error.message,
      languages: [],
      versions: {},
      warnings: [],
      enforcement: NONE,
    };
  }
}
