import type { Optimizer } from "@mcp-optimizer/core";
import type { Log, RunQueue } from "@mcp-optimizer/contracts";
import type { State } from "@mcp-optimizer/state";
import { loadSettings } from "./load-settings.ts";
import { readConfig } from "./read-config.ts";
import type { ResolvedSettings } from "./resolve-settings.ts";
import type { SettingFlags } from "./setting-flags.ts";

/** What a command wants of its optimizer; a flag goes before the environment, and that before the configuration. */
export interface OpenOptions extends SettingFlags {
  /** The value of `--config`. */
  readonly config: string | undefined;
  readonly log: Log;
  /** Goes before the configuration's. */
  readonly resultTokens?: number;
  /** How long to wait for servers to connect, in milliseconds. Default: until each has connected or failed. */
  readonly waitMs?: number;
  /** Aborting it ends the waiting for servers, with `cancelled`. */
  readonly signal?: AbortSignal;
  /** Whether it goes on serving: then guests are started and warmed up at once, otherwise one when it is needed. */
  readonly serving?: boolean;
  /**
   * `give`: programs go to the queue, where the settings have one, and no sandbox is opened. `take`: the queue is opened beside the engine.
   * Default: there is none.
   */
  readonly queue?: "give" | "take";
  /** Looks at the settings before anything starts. What it throws, the opening rejects with. */
  readonly inspect?: (settings: ResolvedSettings) => void;
}

/** An optimizer with all that it stands on. */
export interface OpenOptimizer extends AsyncDisposable {
  readonly optimizer: Optimizer;
  readonly state: State;
  /** Where one was asked for, and is configured. */
  readonly queue?: RunQueue;
}

/**
 * Reads the configuration, connects to its servers, opens the sandbox and puts the engine together. Servers that fail are named in the
 * log by their connections. Rejects with `config_invalid`, `store_unavailable`, `sandbox_unavailable`, or with `upstream_failed` when every server failed.
 */
export async function openOptimizer(options: OpenOptions): Promise<OpenOptimizer> {
  const { config, log, inspect } = options;
  const found = readConfig(config);
  const loaded = loadSettings(found, { env: process.env, flags: options, log });
  inspect?.(loaded.settings);
  // Most of what a command loads, and nothing that a configuration with mistakes needs.
  const { openEngine } = await import("./open-engine.ts");
  return await openEngine(loaded, found.file, options);
}
