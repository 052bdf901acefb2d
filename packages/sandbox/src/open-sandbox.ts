import {
  DEFAULT_RUN_LIMITS,
  OptimizerError,
  type Log,
  type RunLimits,
  type SandboxBackend,
  type SandboxBound,
  type SandboxProbe,
} from "@mcp-optimizer/contracts";
import { createSandbox } from "./create-sandbox.ts";
import { parseSandboxSettings } from "./parse-sandbox-settings.ts";
import { probeReason } from "./probe-reason.ts";
import type { SandboxName } from "./sandbox-name.ts";
import type { SandboxSettings } from "./sandbox-settings.ts";

/** What is beside the settings of a sandbox. */
export interface OpenSandboxOptions {
  readonly log?: Log;
  /** The limits of runs, for which ready guests are made. Default {@link DEFAULT_RUN_LIMITS}. */
  readonly limits?: Readonly<RunLimits>;
  /** Keeps guests ready. Without it one starts when a run needs it, which suits a single run. Default true. */
  readonly warm?: boolean;
}

/**
 * Opens the sandbox that the settings ask for: the first of the list that is available and enforces what they require. There is no
 * other way to a weaker one. Rejects with `config_invalid`, or with `sandbox_unavailable` that says of each sandbox why not.
 */
export async function openSandbox(
  settings: SandboxSettings = {},
  options: OpenSandboxOptions = {},
): Promise<SandboxBackend> {
  const parsed = parseSandboxSettings(settings);
  const { log = () => undefined, limits = DEFAULT_RUN_LIMITS, warm = true } = options;
  const refused: string[] = [];
  for (const name of new Set([parsed.backend ?? "wasi"].flat())) {
    const told = new Set<string>();
    // While a sandbox is only looked at, what it says is of no interest; later it says nothing twice.
    const quiet: Log = (entry) =>
      log(told.size === 0 || told.has(entry.message) ? { ...entry, level: "debug" } : entry);
    const candidate = await createSandbox(name, parsed, { limits, warm, log: quiet });
    const probe = await probed(candidate);
    const problem = problemOf(probe, parsed.require ?? []);
    if (problem !== undefined) {
      await candidate.dispose();
      refused.push(`${name}: ${problem}`);
      continue;
    }
    const { message } = tellChoice(log, name, probe, refused);
    told.add(message);
    for (const warning of probe.warnings) told.add(warning);
    return candidate;
  }
  throw new OptimizerError("sandbox_unavailable", { detail: refused.join("; ") });
}

/** Probes, and closes what was opened if that fails. */
async function probed(backend: SandboxBackend): Promise<SandboxProbe> {
  try {
    return await backend.probe();
  } catch (error) {
    await backend.dispose();
    throw error;
  }
}

function problemOf(probe: SandboxProbe, required: readonly SandboxBound[]): string | undefined {
  const reason = probeReason(probe);
  if (reason !== undefined) return reason;
  const missing = required.filter((bound) => probe.enforcement[bound] !== "enforced");
  if (missing.length === 0) return undefined;
  const held = missing.map((bound) => `${bound} (${probe.enforcement[bound]})`);
  return `it does not enforce ${held.join(", ")}, which the configuration requires`;
}

function tellChoice(
  log: Log,
  name: SandboxName,
  { versions, warnings }: SandboxProbe,
  refused: readonly string[],
): { readonly message: string } {
  const message =
    refused.length === 0
      ? `Programs run in ${name}.`
      : `Programs run in ${name}, the next choice. Not in ${refused.join("; ")}.`;
  log({ level: refused.length === 0 ? "info" : "warn", message, fields: { sandbox: name, ...versions } });
  for (const warning of warnings) log({ level: "warn", message: `${name}: ${warning}` });
  return { message };
}
