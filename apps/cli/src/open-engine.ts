import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { createOptimizer, createPolicy, createRemoteSandbox, systemClock } from "@mcp-optimizer/core";
import { unknownPolicyNames } from "@mcp-optimizer/core/settings";
import {
  DEFAULT_RUN_LIMITS,
  OptimizerError,
  type Log,
  type RunQueue,
  type SandboxBackend,
  type ToolProvider,
} from "@mcp-optimizer/contracts";
import { openSandbox } from "@mcp-optimizer/sandbox";
import { connectUpstreams, type Upstreams } from "@mcp-optimizer/upstreams";
import { resolveServersConfig, type ParsedServers } from "@mcp-optimizer/upstreams/config";
import { loadAdaptors } from "./load-adaptors.ts";
import type { LoadedSettings } from "./load-settings.ts";
import type { OpenOptimizer, OpenOptions } from "./open-optimizer.ts";
import { openRanker } from "./open-ranker.ts";
import { openRunQueue } from "./open-run-queue.ts";
import { engineState, openState } from "./open-state.ts";

/**
 * Opens the stores and the sandbox of these settings, connects to the servers and puts the engine together, as `openOptimizer` says. `file` is
 * the configuration's.
 */
export async function openEngine(
  loaded: LoadedSettings,
  file: string,
  options: OpenOptions,
): Promise<OpenOptimizer> {
  const { log, resultTokens, waitMs, signal, serving = false } = options;
  const {
    sandbox: chosen,
    features,
    policy,
    adaptors: entries = [],
    ledger: _records,
    auth: _ofTheService,
    state: _place,
    redis: _link,
    programs: _folder,
    queue: queueing,
    ...settings
  } = loaded.settings;
  const adaptors = await loadAdaptors(entries, { file, env: process.env });
  // What is wrong with the configuration is told before anything is open.
  const servers = configuredServers(loaded.servers, log);
  const state = await openState(loaded.settings, log);
  const upstreams = connectUpstreams(servers, { log });
  const limits = { ...DEFAULT_RUN_LIMITS, ...settings.limits };
  const gives = options.queue === "give" && queueing !== undefined && queueing.enabled !== false;
  const asked = gives || options.queue === "take";
  let queue: RunQueue | undefined;
  let opening: Promise<SandboxBackend> | undefined;
  try {
    if (asked) queue = await openRunQueue(state, queueing ?? {}, log);
    opening =
      gives && queue !== undefined
        ? Promise.resolve(createRemoteSandbox(queue))
        : openSandbox(chosen, { log, limits, warm: serving });
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
      ...engineState(loaded.settings, state),
      ...(state.kind === "redis" && {
        cache: { ...settings.cache, stateless: servers.map(({ name }) => name) },
      }),
      adaptors,
      ...(resultTokens && { resultTokens }),
      ...(gives && queue && { runQueue: queue }),
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
      state,
      ...(queue && { queue }),
      async [Symbol.asyncDispose]() {
        // From the last to the first; one that fails keeps none from being closed.
        await using closing = new AsyncDisposableStack();
        closing.defer(() => state.dispose());
        closing.defer(() => upstreams.dispose());
        closing.defer(() => queue?.dispose());
        closing.defer(() => optimizer.dispose());
      },
    };
  } catch (error) {
    const closing = opening?.then(
      (sandbox) => sandbox.dispose(),
      () => undefined,
    );
    await Promise.allSettled([upstreams.dispose(), closing, queue?.dispose()]);
    await state.dispose();
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

function configuredServers(parsed: ParsedServers, log: Log): ReturnType<typeof resolveServersConfig> {
  const { file } = parsed;
  for (const { server = "", line, message } of parsed.notes) {
    log({ level: "info", message: `${file}:${line}: ${server} ${message}` });
  }
  const readFile = (path: string): string => readFileSync(path, "utf8");
  const places = { env: process.env, cwd: process.cwd(), home: homedir() };
  const servers = resolveServersConfig(parsed, { ...places, readFile });
  if (servers.length === 0) throw new OptimizerError("config_invalid", { detail: `${file} names no server` });
  return servers;
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
