import { randomBytes } from "node:crypto";
import {
  DEFAULT_FEATURE_FLAGS,
  OptimizerError,
  type Clock,
  type ContextStore,
  type ExecutionLog,
  type FeatureFlags,
  type Language,
  type LearnedTypeStore,
  type Log,
  type Metrics,
  type Policy,
  type ResponseCache,
  type ResultVault,
  type RunLimits,
  type SandboxBackend,
  type TokenCounter,
  type ToolProvider,
} from "@mcp-optimizer/contracts";
import { createMemoryResponseCache } from "../cache/memory-response-cache.ts";
import { INTENTS } from "../intents/intent-definition.ts";
import { createLedger, type Ledger } from "../ledger/create-ledger.ts";
import { createMemoryLedgerStore } from "../ledger/memory-ledger-store.ts";
import { createMemoryLearnedTypeStore } from "../learning/memory-learned-type-store.ts";
import { createMemoryExecutionLog } from "../log/memory-execution-log.ts";
import type { OptimizerOptions } from "../optimizer.ts";
import { createPolicy } from "../policy/create-policy.ts";
import { configuredLimits } from "../run/merge-limits.ts";
import { systemClock } from "../system-clock.ts";
import { createEngineSessions, type EngineSessions } from "../sessions/engine-sessions.ts";
import { createMemoryContextStore } from "../state/memory-context-store.ts";
import { createMemorySessionStore } from "../state/memory-session-store.ts";
import { createO200kTokenCounter, loadO200kTokenCounter } from "../tokens/o200k-token-counter.ts";
import { createMemoryResultVault } from "../vault/memory-result-vault.ts";

/** What all of an engine stands on: the ports that it was given, those in memory in place of the others, and settings with their defaults. */
export interface BaseParts {
  readonly options: OptimizerOptions;
  readonly upstreams: readonly ToolProvider[];
  readonly sandbox: SandboxBackend;
  /** What the sandbox runs. */
  readonly languages: readonly Language[];
  readonly flags: Readonly<FeatureFlags>;
  readonly limits: RunLimits;
  readonly policy: Policy;
  readonly vault: ResultVault;
  readonly executionLog: ExecutionLog;
  readonly contextStore: ContextStore;
  readonly sessions: EngineSessions;
  readonly responseCache: ResponseCache;
  readonly learnedTypes: LearnedTypeStore;
  /** Undefined where nothing is recorded. */
  readonly ledger: Ledger | undefined;
  readonly tokenCounter: TokenCounter;
  /** Tokens of a result that the model sees. */
  readonly resultTokens: number;
  readonly modelMaySave: boolean;
  readonly metrics: Metrics | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** A fresh unguessable text for each call. */
  readonly randomId: () => string;
}

/** Makes {@link BaseParts}. Rejects with `config_invalid` for limits out of range, and for a server of a name that is taken. */
export async function baseParts(options: OptimizerOptions): Promise<BaseParts> {
  const { upstreams, sandbox, metrics, clock = systemClock, log = () => {} } = options;
  if (upstreams.some(({ name }) => name === INTENTS)) {
    throw new OptimizerError("config_invalid", {
      detail: `a server is named ${INTENTS}, which is the name of the intents; rename it`,
    });
  }
  const limits = configuredLimits(options.limits);
  const randomId = (): string => randomBytes(12).toString("base64url");
  const { languages } = await sandbox.probe();
  const ahead = options.indexAhead ?? true;
  const tokenCounter =
    options.tokenCounter ?? (ahead ? await loadO200kTokenCounter() : createO200kTokenCounter());
  const executionLog = options.executionLog ?? createMemoryExecutionLog({ clock });
  const contextStore = options.contextStore ?? createMemoryContextStore({ clock });
  const sessions = createEngineSessions({
    store: options.sessionStore ?? createMemorySessionStore({ clock }),
    contextStore,
    executionLog,
    settings: options.sessions,
    bulletin: options.bulletin,
    clock,
    log,
  });
  const ledgerStore = options.ledger ?? createMemoryLedgerStore({ clock });
  return {
    options,
    upstreams,
    sandbox,
    languages,
    flags: { ...DEFAULT_FEATURE_FLAGS, ...options.flags },
    limits,
    policy: options.policy ?? createPolicy(),
    vault: options.vault ?? createMemoryResultVault({ clock, randomId }),
    executionLog,
    contextStore,
    sessions,
    responseCache: options.responseCache ?? createMemoryResponseCache({ clock }),
    learnedTypes: options.learnedTypes ?? createMemoryLearnedTypeStore(),
    ledger: ledgerStore
      ? createLedger({ store: ledgerStore, counter: tokenCounter, upstreams, clock, log })
      : undefined,
    tokenCounter,
    resultTokens: options.resultTokens ?? 2_000,
    modelMaySave: options.modelMaySave ?? false,
    metrics,
    clock,
    log,
    randomId,
  };
}
