import {
  DEFAULT_FEATURE_FLAGS,
  DEFAULT_RUN_LIMITS,
  type ExecutionLog,
  type ExecutionMode,
  type ResultVault,
  type SavedProgramStore,
  type ToolProvider,
} from "@mcp-optimizer/contracts";
import { createManualClock, type ManualClock } from "@mcp-optimizer/testkit";
import { createApprovalDesk } from "../../src/approvals/approval-desk.ts";
import { createApprovalStates } from "../../src/approvals/approval-states.ts";
import type { CacheSettings } from "../../src/cache/cache-settings.ts";
import { createCaches } from "../../src/cache/create-caches.ts";
import { createMemoryResponseCache } from "../../src/cache/memory-response-cache.ts";
import { voidOnChange } from "../../src/cache/void-on-change.ts";
import { watchCatalogue, type CatalogueStore } from "../../src/catalogue/catalogue-store.ts";
import { createGuestGlobals } from "../../src/check/guest-globals.ts";
import { createProgramCheck } from "../../src/check/program-check.ts";
import type { Adaptor } from "../../src/intents/adaptor.ts";
import { CodeExecutor } from "../../src/intents/code-executor.ts";
import { createIntents, type Intents } from "../../src/intents/create-intents.ts";
import type { Intent } from "../../src/intents/intent.ts";
import { createMemoryExecutionLog } from "../../src/log/memory-execution-log.ts";
import { createMemoryMetrics, type MemoryMetrics } from "../../src/metrics/memory-metrics.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import type { PolicySettings } from "../../src/policy/policy-rules.ts";
import { prepareProgram } from "../../src/program/prepare-program.ts";
import { createMemoryProgramStore } from "../../src/programs/memory-program-store.ts";
import { createMemoryResultVault } from "../../src/vault/memory-result-vault.ts";
import { createBroker } from "../../src/run/broker.ts";
import { LIMITLESS } from "../../src/rates/usage-limits.ts";
import { createResilience } from "../../src/resilience/resilience.ts";
import { createArgumentCheck } from "../../src/run/check-arguments.ts";
import { createDirectCaller } from "../../src/run/direct-call.ts";
import { createDirectRunner } from "../../src/run/direct-run.ts";
import { createExecutor, type Executor } from "../../src/run/executor.ts";
import { createToolCaller } from "../../src/run/tool-caller.ts";
import { createCatalogueSearch } from "../../src/search/catalogue-search.ts";
import { createLexicalRanker } from "../../src/search/lexical-ranker.ts";
import { vaultFunctions } from "../../src/vault/vault-functions.ts";
import { memorySessions } from "../sessions/memory-sessions.ts";
import { createVmSandbox } from "./vm-sandbox.ts";

/** What a test gives its engine. */
export interface EngineOptions {
  readonly upstreams: readonly ToolProvider[];
  readonly mode?: ExecutionMode;
  readonly intents?: readonly Intent[];
  readonly adaptors?: readonly Adaptor[];
  readonly policy?: PolicySettings;
  readonly programStore?: SavedProgramStore;
  readonly modelMaySave?: boolean;
  /** Default: nothing is answered from earlier calls. */
  readonly cache?: CacheSettings;
}

/** The parts of an optimizer that intents stand on. */
export interface Engine {
  readonly intents: Intents;
  readonly code: CodeExecutor;
  readonly store: CatalogueStore;
  readonly run: (
    code: string,
    params?: Parameters<Executor["run"]>[0]["params"],
  ) => ReturnType<Executor["run"]>;
  readonly executor: Executor;
  readonly metrics: MemoryMetrics;
  readonly executionLog: ExecutionLog;
  readonly callDirect: ReturnType<typeof createDirectCaller>;
  readonly clock: ManualClock;
  /** Messages, each with its level. */
  readonly logged: readonly string[];
  /** Lets pending changes of the catalogue be seen. */
  readonly settle: () => Promise<void>;
}

const SILENT = (): void => {};
const counter = { encoding: "letters", count: (text: string) => text.length };

/** Puts an engine together from real parts; programs run in this process. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const clock = createManualClock();
  let ids = 0;
  const randomId = (): string => `${(ids += 1)}`;
  const logged: string[] = [];
  const metrics = createMemoryMetrics();
  const trusting = {
    ...options.policy,
    trustAnnotations: ["*", ...(options.policy?.trustAnnotations ?? [])],
  };
  const policy = createPolicy(trusting);
  const sandbox = createVmSandbox();
  const vault: ResultVault = createMemoryResultVault({ clock, randomId });
  const executionLog = createMemoryExecutionLog({ clock });
  const states = createApprovalStates({ clock, secret: new Uint8Array(32) });
  const approvals = createApprovalDesk({ states, executionLog, clock });
  const signature = (): string => "";
  const parts: { store?: CatalogueStore } = {};
  const catalogue = () => parts.store!.current;
  const globals = createGuestGlobals(sandbox, SILENT);
  const prepare = (text: string) => prepareProgram(text);
  const responseCache = createMemoryResponseCache({ clock });
  const caches = createCaches({
    cache: responseCache,
    flags: { enableCaching: options.cache !== undefined, cacheTtlSeconds: 300 },
    settings: options.cache,
    policy,
    catalogue,
    metrics,
    clock,
    log: SILENT,
    randomId,
  });

  const intents: Intents = createIntents({
    mode: options.mode ?? "hybrid",
    adaptors: options.adaptors ?? [],
    intents: options.intents ?? [],
    programStore: options.programStore ?? createMemoryProgramStore(),
    modelMaySave: options.modelMaySave ?? false,
    callTool: (call) => callDirect(call),
    cache: caches.intents,
    direct: (...args) => direct(...args),
    run: async (request) => (await executor.run(request)).report,
    executionLog,
    policy,
    prepare,
    globals,
    metrics,
    clock,
    log: ({ level, message }) => void logged.push(`${level}: ${message}`),
  });
  const providers = [...options.upstreams, intents.provider];
  parts.store = watchCatalogue(providers, { clock });
  const callTool = createToolCaller({
    log: () => undefined,
    policy,
    vault,
    clock,
    signature,
    providers: new Map(providers.map((provider) => [provider.name, provider])),
    usage: LIMITLESS,
    resilience: createResilience({ retries: 0 }, { clock }),
    cache: caches.calls,
    checkArguments: createArgumentCheck(),
    observers: [],
  });
  const sessions = memorySessions(clock, executionLog);
  const direct = createDirectRunner({
    catalogue,
    callTool,
    approvals,
    usage: LIMITLESS,
    sessions,
    executionLog,
    clock,
    limits: DEFAULT_RUN_LIMITS,
    log: () => undefined,
    randomId,
  });
  const callDirect = createDirectCaller(direct, catalogue);
  voidOnChange(providers, responseCache, SILENT, clock);
  const search = createCatalogueSearch(catalogue, createLexicalRanker());
  const executor = createExecutor({
    prepare,
    sandbox,
    executionLog,
    sessions,
    approvals,
    usage: LIMITLESS,
    modelMaySave: false,
    catalogue,
    vault,
    clock,
    randomId,
    check: createProgramCheck({ mode: "strict", catalogue, globals, policy, signature }),
    bindings: createBroker({
      catalogue,
      functions: vaultFunctions(vault),
      log: SILENT,
      callTool,
      search,
      describe: signature,
      signature,
    }),
    languages: ["javascript"],
    limits: DEFAULT_RUN_LIMITS,
    resultTokens: 2_000,
    maxRuns: 64,
    tokenCounter: counter,
    log: SILENT,
  });
  const code = new CodeExecutor({
    flags: { ...DEFAULT_FEATURE_FLAGS, executionMode: options.mode ?? "hybrid" },
    registry: intents.registry,
    router: intents.router,
    run: async (request) => (await executor.run(request)).report,
    tokenCounter: counter,
    elapsed: () => 0,
    log: SILENT,
  });
  await intents.start(parts.store);
  return {
    intents,
    code,
    executor,
    executionLog,
    callDirect,
    clock,
    metrics,
    logged,
    store: parts.store,
    run: (text, params) => executor.run({ code: text, ...(params && { params }) }),
    async settle() {
      clock.advance(1_000);
      // Checks of intents read programs, which takes some turns.
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
    },
  };
}
