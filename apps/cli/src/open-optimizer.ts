import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { createOptimizer, createPolicy, systemClock, type Optimizer } from "@mcp-optimizer/core";
import { unknownPolicyNames } from "@mcp-optimizer/core/settings";
import { DEFAULT_RUN_LIMITS, OptimizerError, type Log, type ToolProvider } from "@mcp-optimizer/contracts";
import { openSandbox } from "@mcp-optimizer/sandbox";
import {
  connectUpstreams,
  resolveServersConfig,
  type ParsedServers,
  type Upstreams,
} from "@mcp-optimizer/upstreams";
import { loadAdaptors } from "./load-adaptors.ts";
import { loadSettings } from "./load-settings.ts";
import { openProgramStore } from "./open-program-store.ts";
import { openRanker } from "./open-ranker.ts";
import { openState } from "./open-state.ts";
import { readConfig } from "./read-config.ts";
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
}

/** An optimizer with all that it stands on. */
export interface OpenOptimizer extends AsyncDisposable {
  readonly optimizer: Optimizer;
}

/**
 * Reads the configuration, connects to its servers, opens the sandbox and puts the engine together. Servers that fail are named in the
 * log by their connections. Rejects with `config_invalid`, `store_unavailable`, `sandbox_unavailable`, or with `upstream_failed` when every server failed.
 */
export async function openOptimizer(options: OpenOptions): Promise<OpenOptimizer> {
  const { config, log, resultTokens, waitMs, signal, serving = false } = options;
  const found = readConfig(config);
  const { env } = process;
  const loaded = loadSettings(found, { env, flags: options, log });
  const {
    sandbox: chosen,
    features,
    policy,
    adaptors: entries = [],
    ledger: _opened,
    ...settings
  } = loaded.settings;
  const adaptors = await loadAdaptors(entries, { file: found.file, env });
  const programStore = openProgramStore(settings);
  const { [Symbol.asyncDispose]: closeState, ...state } = await openState(loaded.settings);
  const upstreams = connectConfigured(loaded.servers, log);
  const limits = { ...DEFAULT_RUN_LIMITS, ...settings.limits };
  const opening = openSandbox(chosen, { log, limits, warm: serving });
  try {
    const [sandbox] = await Promise.all([opening, connected(upstreams, waitMs, signal)]);
    const optimizer = await createOptimizer({
      upstreams: upstreams.providers,
      sandbox,
      ranker: openRanker(log),
      indexAhead: serving,
      log,
      ...settings,
      ...(features && { flags: features }),
      ...(policy && { policy: createPolicy(policy) }),
      ...state,
      ...(programStore && { programStore }),
      adaptors,
      ...(resultTokens && { resultTokens }),
    });
    const { never = [], ttlSeconds = {} } = settings.cache ?? {};
    const cached = [
      ...never.map((name) => ({ where: "cache.never", name })),
      ...Object.keys(ttlSeconds).map((name) => ({ where: "cache.ttlSeconds", name })),
    ];
    const inverses = Object.entries(settings.inverses ?? {}).flatMap(([name, { tool }]) => [
      { where: "inverses", name },
      { where: `inverses of ${name}`, name: tool },
    ]);
    for (const message of unknownPolicyNames(policy ?? {}, upstreams.providers, [...cached, ...inverses])) {
      log({ level: "warn", message });
    }
    return {
      optimizer,
      async [Symbol.asyncDispose]() {
        await optimizer.dispose();
        await upstreams.dispose();
        await closeState();
      },
    };
  } catch (error) {
    const closing = opening.then(
      (sandbox) => sandbox.dispose(),
      () => undefined,
    );
    await Promise.all([upstreams.dispose(), closing]);
    await closeState();
    throw error;
  }
}

/** Waits until every server has connected or failed, or the time is over; one that answers is enough. */
async function connected(
  upstreams: Upstreams,
  waitMs: number | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ends = [upstreams.settled(), ...(waitMs === undefined ? [] : [delay(waitMs)])];
  await Promise.race([...ends, ...(signal ? [aborted(signal)] : [])]);
  if (signal?.aborted === true) throw new OptimizerError("cancelled");
  requireOne(upstreams.providers);
}

function connectConfigured(parsed: ParsedServers, log: Log): Upstreams {
  const { file } = parsed;
  for (const { server = "", line, message } of parsed.notes) {
    log({ level: "info", message: `${file}:${line}: ${server} ${message}` });
  }
  const readFile = (path: string): string => readFileSync(path, "utf8");
  const places = { env: process.env, cwd: process.cwd(), home: homedir() };
  const servers = resolveServersConfig(parsed, { ...places, readFile });
  if (servers.length === 0) throw new OptimizerError("config_invalid", { detail: `${file} names no server` });
  return connectUpstreams(servers, { log });
}

/** Why servers failed is in the log. */
function requireOne(providers: readonly ToolProvider[]): void {
  const reasons = providers.flatMap(({ name, status }) =>
    status.state === "failed" ? [`${name}: ${status.reason}`] : [],
  );
  if (reasons.length < providers.length) return;
  throw new OptimizerError("upstream_failed", { detail: `no server can be reached. ${reasons.join("; ")}` });
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

const delay = (ms: number): Promise<void> => new Promise((resolve) => void systemClock.schedule(ms, resolve));
