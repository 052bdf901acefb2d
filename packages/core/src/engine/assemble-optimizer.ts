import type { Language, RunWorker, ToolProvider } from "@mcp-optimizer/contracts";
import { answerOrigins } from "../cache/answer-origins.ts";
import { createCaches } from "../cache/create-caches.ts";
import { voidOnChange } from "../cache/void-on-change.ts";
import { createCatalogueView } from "../catalogue/catalogue-view.ts";
import { watchCatalogue } from "../catalogue/catalogue-store.ts";
import { createGuestGlobals } from "../check/guest-globals.ts";
import { baseParts } from "./base-parts.ts";
import { createFront } from "./create-front.ts";
import { createRunEngine } from "./create-run-engine.ts";
import { CodeExecutor } from "../intents/code-executor.ts";
import { createIntents } from "../intents/create-intents.ts";
import { createToolLearning } from "../learning/tool-learning.ts";
import { spreadNews } from "../news/spread-news.ts";
import type { Optimizer, OptimizerOptions } from "../optimizer.ts";
import type { PreparedProgram } from "../program/prepare-program.ts";
import { preparePython } from "../program/prepare-python.ts";
import { createProgramPreparer } from "../program/program-preparer.ts";
import { rememberPrograms } from "../program/remember-programs.ts";
import { createMemoryProgramStore } from "../programs/memory-program-store.ts";
import { REMOTE_SANDBOX } from "../queue/remote-sandbox.ts";
import type { DirectRunner } from "../run/direct-run.ts";
import { createCatalogueSearch } from "../search/catalogue-search.ts";
import { createLexicalRanker } from "../search/lexical-ranker.ts";

/** Puts the parts of an engine together, as `createOptimizer` says. */
export async function assembleOptimizer(options: OptimizerOptions): Promise<Optimizer> {
  const base = await baseParts(options);
  const { upstreams, sandbox, flags, policy, metrics, executionLog, responseCache, ledger, clock, log } =
    base;
  const preparer = createProgramPreparer(clock);
  const prepareScript = rememberPrograms((text) => preparer.prepare(text));
  const prepare = async (text: string, language: Language): Promise<PreparedProgram> =>
    language === "python" ? preparePython(text) : await prepareScript(text);
  // Workers know the names of their guests.
  const globals = sandbox.name === REMOTE_SANDBOX ? async () => undefined : createGuestGlobals(sandbox, log);
  const caches = createCaches({
    ...base,
    cache: responseCache,
    settings: options.cache,
    origin: answerOrigins({
      providers: upstreams,
      stateless: options.cache?.stateless,
      catalogue: () => store.current,
    }),
    catalogue: (viewer) => catalogue(viewer),
  });
  // Intents are called by runs and call them: what runs them comes after what finds them.
  const direct: DirectRunner = (...work) => engine.direct(...work);
  const intents = createIntents({
    mode: flags.executionMode,
    adaptors: options.adaptors ?? [],
    intents: options.intents ?? [],
    programStore: options.programStore ?? createMemoryProgramStore(),
    modelMaySave: base.modelMaySave,
    callTool: (call) => engine.callDirect(call),
    direct,
    run: async (request) => await engine.run(request),
    cache: caches.intents,
    onSaved: () => news.programsChanged(),
    metrics,
    executionLog,
    policy,
    prepare,
    globals,
    clock,
    log,
  });
  const news = await spreadNews({
    bulletin: options.bulletin,
    providers: upstreams,
    loadPrograms: () => intents.programs.load(),
    log,
  });
  const sources = [...upstreams, intents.provider];
  const store = watchCatalogue(sources, { clock });
  try {
    await intents.start(store);
  } catch (error) {
    store.dispose();
    await news[Symbol.asyncDispose]();
    await preparer.dispose();
    throw error;
  }
  const catalogue = createCatalogueView(() => store.current, policy);
  const learning = await createToolLearning({
    mode: options.learning ?? "observe",
    store: base.learnedTypes,
    policy,
    catalogue,
    direct,
    log,
  });
  const search = createCatalogueSearch(catalogue, options.ranker ?? createLexicalRanker(), learning.outputs);
  const asked = learning.watched(search);
  const providers = new Map(sources.map((provider) => [provider.name, provider]));
  const engine = await createRunEngine(base, {
    providers,
    prepare,
    globals,
    catalogue,
    search: asked,
    learning,
    caches,
  });
  const stopVoiding = voidOnChange(sources, responseCache, log, clock);
  onReturn(upstreams, ({ name }) => engine.resilience.reset(name));
  const front = createFront(base, { store, catalogue, search, asked, engine });
  const { registry, router, programs } = intents;
  const { run } = engine;
  const elapsed = (): number => clock.elapsed();
  const code = new CodeExecutor({ ...base, registry, router, run, elapsed });

  const workers = new Set<RunWorker>();
  const dispose = async (): Promise<void> => {
    await Promise.allSettled([...workers].map((worker) => worker.close()));
    front.dispose();
    await news[Symbol.asyncDispose]();
    stopVoiding();
    store.dispose();
    engine.leave();
    await engine.desk.dispose();
    await base.sessions.dispose();
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
      return front.tools;
    },
    toolsFor: front.toolsFor,
    onChange: front.onChange,
    callTool: front.callTool,
    modes: front.modes,
    search,
    foregroundSeconds: engine.foregroundSeconds,
    intents: registry,
    programs,
    router,
    code,
    run: ledger?.runAlone(run) ?? run,
    runs: engine.runs,
    async work(queue, { concurrency }) {
      const worker = await queue.work(engine.perform, { concurrency, languages: base.languages });
      workers.add(worker);
      return worker;
    },
    sessions: base.sessions.sessions,
    ...(ledger && { ledger }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Calls back when a provider is ready again. */
function onReturn(providers: readonly ToolProvider[], back: (provider: ToolProvider) => void): void {
  for (const provider of providers) {
    let before = provider.status.state;
    provider.onChange(() => {
      const { state } = provider.status;
      if (state === "ready" && before !== "ready") back(provider);
      before = state;
    });
  }
}
