import { randomBytes } from "node:crypto";
import {
  DEFAULT_FEATURE_FLAGS,
  OptimizerError,
  type Log,
  type Language,
  type ServedCallOptions,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import { approvalSecret } from "./approvals/approval-secret.ts";
import { createApprovalDesk } from "./approvals/approval-desk.ts";
import { createApprovalStates } from "./approvals/approval-states.ts";
import { createCaches } from "./cache/create-caches.ts";
import { createMemoryResponseCache } from "./cache/memory-response-cache.ts";
import { voidOnChange } from "./cache/void-on-change.ts";
import { createCatalogueView } from "./catalogue/catalogue-view.ts";
import { watchCatalogue } from "./catalogue/catalogue-store.ts";
import { createGuestGlobals } from "./check/guest-globals.ts";
import { createProgramCheck } from "./check/program-check.ts";
import { createMemoryExecutionLog } from "./log/memory-execution-log.ts";
import { createPolicy } from "./policy/create-policy.ts";
import { createLedger } from "./ledger/create-ledger.ts";
import { createMemoryLearnedTypeStore } from "./learning/memory-learned-type-store.ts";
import { createToolLearning } from "./learning/tool-learning.ts";
import { createMemoryLedgerStore } from "./ledger/memory-ledger-store.ts";
import { callMetaTool } from "./meta-tools.ts";
import { CodeExecutor } from "./intents/code-executor.ts";
import { parseCall } from "./formats/parse-call.ts";
import { createIntents } from "./intents/create-intents.ts";
import { INTENTS } from "./intents/intent-definition.ts";
import { createExposureNews } from "./modes/exposure-news.ts";
import { createModes } from "./modes/modes.ts";
import { createPinWatch } from "./modes/pin-watch.ts";
import type { Optimizer, OptimizerOptions } from "./optimizer.ts";
import type { PreparedProgram } from "./program/prepare-program.ts";
import { preparePython } from "./program/prepare-python.ts";
import { createProgramPreparer } from "./program/program-preparer.ts";
import { rememberPrograms } from "./program/remember-programs.ts";
import { createMemoryProgramStore } from "./programs/memory-program-store.ts";
import { createMemoryResultVault } from "./vault/memory-result-vault.ts";
import { createBroker } from "./run/broker.ts";
import { createArgumentCheck } from "./run/check-arguments.ts";
import { createDirectCaller } from "./run/direct-call.ts";
import { createDirectRunner } from "./run/direct-run.ts";
import { createUsageLimits } from "./rates/usage-limits.ts";
import { createResilience } from "./resilience/resilience.ts";
import { createRunDesk } from "./run/run-desk.ts";
import type { RunReport, RunRequest } from "./run/run-report.ts";
import { createExecutor } from "./run/executor.ts";
import { configuredLimits } from "./run/merge-limits.ts";
import { createToolCaller } from "./run/tool-caller.ts";
import { createRuns } from "./runs/create-runs.ts";
import { createCatalogueSearch } from "./search/catalogue-search.ts";
import { createLexicalRanker } from "./search/lexical-ranker.ts";
import type { SearchRequest } from "./search/search-answer.ts";
import { renderSearchAnswer } from "./search/render-search-answer.ts";
import { toolDeclaration } from "./signatures/tool-declaration.ts";
import { toolSignature } from "./signatures/tool-signature.ts";
import { showFunctions } from "./show/show-functions.ts";
import { systemClock } from "./system-clock.ts";
import { loadO200kTokenCounter } from "./tokens/o200k-token-counter.ts";
import { shapeToolResult } from "./vault/shape-tool-result.ts";
import { vaultFunctions } from "./vault/vault-functions.ts";

const SILENT: Log = () => {};
const randomId = (): string => randomBytes(12).toString("base64url");

/**
 * Puts an engine together. It takes over the upstreams, the sandbox and disposes of them with itself. What the sandbox's probe says of
 * languages now is what programs may be written in.
 * Rejects with `config_invalid` for limits out of range.
 */
export async function createOptimizer(options: OptimizerOptions): Promise<Optimizer> {
  if (options.upstreams.some(({ name }) => name === INTENTS)) {
    throw new OptimizerError("config_invalid", {
      detail: `a server is named ${INTENTS}, which is the name of the intents; rename it`,
    });
  }
  const { upstreams, sandbox, log = SILENT, policy = createPolicy(), clock = systemClock } = options;
  const {
    foregroundSeconds = 25,
    modelMaySave = false,
    manifest: profile = "minimal",
    resultTokens = 2_000,
    maxRuns = 64,
    ranker = createLexicalRanker(),
    indexAhead = true,
  } = options;
  const { secret, ttlSeconds = 600 } = options.approvals ?? {};
  const limits = configuredLimits(options.limits);
  const flags = { ...DEFAULT_FEATURE_FLAGS, ...options.flags };
  const { languages } = await sandbox.probe();
  const tokenCounter = options.tokenCounter ?? (await loadO200kTokenCounter());
  const vault = options.vault ?? createMemoryResultVault({ clock, randomId });
  const executionLog = options.executionLog ?? createMemoryExecutionLog({ clock });
  const preparer = createProgramPreparer(clock);
  const prepareScript = rememberPrograms((text) => preparer.prepare(text));
  const prepare = async (text: string, language: Language): Promise<PreparedProgram> =>
    language === "python" ? preparePython(text) : await prepareScript(text);
  const globals = createGuestGlobals(sandbox, log);
  const responseCache = options.responseCache ?? createMemoryResponseCache({ clock });
  const caches = createCaches({
    cache: responseCache,
    flags,
    settings: options.cache,
    policy,
    catalogue: (tenant) => catalogue(tenant),
    metrics: options.metrics,
    clock,
    log,
    randomId,
  });
  const intents = createIntents({
    mode: flags.executionMode,
    adaptors: options.adaptors ?? [],
    intents: options.intents ?? [],
    programStore: options.programStore ?? createMemoryProgramStore(),
    modelMaySave,
    callTool: (call) => callDirect(call),
    direct: (...work) => direct(...work),
    run: async (request) => await run(request),
    cache: caches.intents,
    metrics: options.metrics,
    executionLog,
    policy,
    prepare,
    globals,
    clock,
    log,
  });
  const sources = [...upstreams, intents.provider];
  const store = watchCatalogue(sources, { clock });
  try {
    await intents.start(store);
  } catch (error) {
    store.dispose();
    await preparer.dispose();
    throw error;
  }
  const catalogue = createCatalogueView(() => store.current, policy);
  const pins = createPinWatch(options.pinned ?? [], log);
  pins.start(store.current, catalogue());
  const learning = await createToolLearning({
    mode: options.learning ?? "observe",
    store: options.learnedTypes ?? createMemoryLearnedTypeStore(),
    policy,
    catalogue,
    direct: (...work) => direct(...work),
    log,
  });
  const search = createCatalogueSearch(catalogue, ranker, learning.outputs);
  const watchedSearch = learning.watched(search);
  const providers = new Map(sources.map((provider) => [provider.name, provider]));
  const approvals = createApprovalDesk({
    states: createApprovalStates({ clock, secret: approvalSecret(secret), ttlMs: ttlSeconds * 1_000 }),
    executionLog,
    clock,
  });
  const checkArguments = createArgumentCheck();
  const usage = await createUsageLimits(options.rates);
  const { metrics } = options;
  const ledger =
    options.ledger === false
      ? undefined
      : createLedger({
          store: options.ledger ?? createMemoryLedgerStore({ clock }),
          counter: tokenCounter,
          upstreams,
          clock,
          log,
        });
  const resilience = createResilience(options.resilience, { clock, log, ...(metrics && { metrics }) });
  const callTool = createToolCaller({
    providers,
    policy,
    usage,
    resilience,
    cache: caches.calls,
    vault,
    log,
    clock,
    signature: (tool) => toolSignature(tool),
    checkArguments,
    learn: learning.observe,
    emptyValue: learning.emptyValue,
    observers: [...(ledger ? [ledger.observe] : [])],
  });
  const stopVoiding = voidOnChange(sources, responseCache, log);
  for (const provider of upstreams) {
    let before = provider.status.state;
    provider.onChange(() => {
      const { state } = provider.status;
      if (state === "ready" && before !== "ready") resilience.reset(provider.name);
      before = state;
    });
  }
  const bindings = createBroker({
    catalogue,
    functions: { ...vaultFunctions(vault), ...showFunctions(vault), "tools.parse": parseCall },
    log,
    callTool,
    search: watchedSearch,
    describe: (tool, tenant) => toolDeclaration(tool, {}, learning.outputs(tenant)),
    signature: (tool, tenant) => toolSignature(tool, learning.outputs(tenant)),
  });
  const unwatched = createExecutor({
    prepare,
    check: createProgramCheck({
      mode: options.check ?? "strict",
      catalogue,
      globals,
      policy,
      signature: (tool, tenant) => toolSignature(tool, learning.outputs(tenant)),
    }),
    sandbox,
    languages,
    executionLog,
    approvals,
    usage,
    modelMaySave,
    maxProgramTokens: options.flags?.maxTokensPerRequest,
    bindings,
    catalogue,
    vault,
    limits,
    resultTokens,
    maxRuns,
    tokenCounter,
    clock,
    log,
    randomId,
  });
  const executor = ledger?.programs(unwatched) ?? unwatched;
  const directRuns = createDirectRunner({
    catalogue,
    callTool,
    approvals,
    usage,
    executionLog,
    limits,
    clock,
    log,
    randomId,
  });
  const direct = ledger?.directRuns(directRuns) ?? directRuns;
  const callDirect = createDirectCaller(direct, catalogue);
  const desk = createRunDesk({
    executor,
    approvals,
    executionLog,
    clock,
    randomId,
    foregroundMs: foregroundSeconds * 1_000,
  });
  const run = async (request: RunRequest): Promise<RunReport> => (await executor.run(request)).report;
  const { registry, router, programs } = intents;
  const code = new CodeExecutor({
    flags,
    registry,
    router,
    run,
    tokenCounter,
    elapsed: () => clock.elapsed(),
    log,
  });

  const modes = createModes({
    mode: flags.executionMode,
    profile,
    languages,
    counter: tokenCounter,
    pinned: options.pinned ?? [],
    catalogue,
    // Whether search is shown at all is decided without a ranker that has something to load, and whatever was learned.
    search:
      options.ranker === undefined
        ? (request, tenant) => search.declared(request, tenant)
        : createCatalogueSearch(catalogue, createLexicalRanker()),
  });
  const served = {
    exposure: modes.exposure,
    catalogue,
    search: (request: SearchRequest, tenant?: string) => renderSearchAnswer(watchedSearch(request, tenant)),
    run: (request: RunRequest, callOptions: ServedCallOptions) =>
      desk.run({ ...request, ...callOptions }, callOptions),
    wait: (runId: string, callOptions: ServedCallOptions) => desk.wait(runId, callOptions),
    callDirect,
    shape: (tenant: string, from: readonly string[], result: ToolResult) =>
      shapeToolResult({ resultTokens, tokenCounter, vault, log }, tenant, from, result),
  };
  const runs = createRuns({
    executionLog,
    catalogue,
    run,
    callDirect,
    runDirect: direct,
    policy,
    checkArguments,
    inverses: Object.assign(
      {},
      ...(options.adaptors ?? []).map(({ inverses }) => inverses),
      options.inverses,
    ),
  });

  const tell = createExposureNews(log);
  let tools = modes.exposure().tools;
  tell(modes.exposure());
  const listeners = new Set<() => void>();
  const prepareSearch = (): void => {
    const { own, passThrough } = modes.exposure();
    if (!indexAhead || passThrough || !own.has("search_tools")) return;
    search.prepare().catch((cause: unknown) => log({ level: "error", message: "Indexing failed", cause }));
  };
  prepareSearch();
  store.onChange(() => {
    prepareSearch();
    pins.look(store.current, catalogue());
    tools = modes.exposure().tools;
    tell(modes.exposure());
    for (const listener of listeners) listener();
  });

  const dispose = async (): Promise<void> => {
    listeners.clear();
    stopVoiding();
    store.dispose();
    await desk.dispose();
    await learning.dispose();
    const parts = [...sources, sandbox, preparer];
    await Promise.allSettled(parts.map((part) => part.dispose()));
    await ledger?.dispose();
  };
  return {
    get catalogue() {
      return catalogue();
    },
    get tools() {
      return tools;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    search,
    foregroundSeconds,
    intents: registry,
    programs,
    router,
    code,
    run: ledger?.runAlone(run) ?? run,
    runs,
    callTool: ledger?.serve(served) ?? ((...call) => callMetaTool(served, ...call)),
    ...(ledger && { ledger }),
    modes,
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
