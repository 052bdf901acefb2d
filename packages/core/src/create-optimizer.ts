import { randomBytes } from "node:crypto";
import type { Log, ToolDefinition } from "@mcp-optimizer/contracts";
import { watchCatalogue } from "./catalogue/catalogue-store.ts";
import { createGuestGlobals } from "./check/guest-globals.ts";
import { createProgramCheck } from "./check/program-check.ts";
import { createMemoryExecutionLog } from "./log/memory-execution-log.ts";
import { createPolicy } from "./policy/create-policy.ts";
import { buildManifest } from "./manifest/build-manifest.ts";
import { callMetaTool } from "./meta-tools.ts";
import type { Optimizer, OptimizerOptions } from "./optimizer.ts";
import { preparePython } from "./program/prepare-python.ts";
import { createProgramPreparer } from "./program/program-preparer.ts";
import { rememberPrograms } from "./program/remember-programs.ts";
import { createMemoryResultVault } from "./result/memory-result-vault.ts";
import { createBroker } from "./run/broker.ts";
import { createArgumentCheck } from "./run/check-arguments.ts";
import { createExecutor } from "./run/executor.ts";
import { configuredLimits } from "./run/merge-limits.ts";
import { createToolCaller } from "./run/tool-caller.ts";
import { createCatalogueSearch } from "./search/catalogue-search.ts";
import { createLexicalRanker } from "./search/lexical-ranker.ts";
import { renderSearchAnswer } from "./search/render-search-answer.ts";
import { toolDeclaration } from "./signatures/tool-declaration.ts";
import { toolSignature } from "./signatures/tool-signature.ts";
import { systemClock } from "./system-clock.ts";
import { loadO200kTokenCounter } from "./tokens/o200k-token-counter.ts";

const SILENT: Log = () => {};
const randomId = (): string => randomBytes(12).toString("base64url");

/**
 * Puts an engine together. It takes over the upstreams, the sandbox and disposes of them with itself. What the sandbox's probe says of
 * languages now is what programs may be written in.
 * Rejects with `config_invalid` for limits out of range.
 */
export async function createOptimizer(options: OptimizerOptions): Promise<Optimizer> {
  const { upstreams, sandbox, log = SILENT, policy = createPolicy(), clock = systemClock } = options;
  const {
    manifest: profile = "minimal",
    resultTokens = 2_000,
    maxRuns = 64,
    ranker = createLexicalRanker(),
  } = options;
  const limits = configuredLimits(options.limits);
  const { languages } = await sandbox.probe();
  const tokenCounter = options.tokenCounter ?? (await loadO200kTokenCounter());
  const vault = options.vault ?? createMemoryResultVault({ clock, randomId });
  const store = watchCatalogue(upstreams, { clock });
  const catalogue = () => store.current;
  const search = createCatalogueSearch(catalogue, ranker);
  const providers = new Map(upstreams.map((provider) => [provider.name, provider]));
  const callTool = createToolCaller({
    providers,
    policy,
    vault,
    clock,
    signature: toolSignature,
    checkArguments: createArgumentCheck(),
  });
  const bindings = createBroker({
    catalogue,
    vault,
    log,
    callTool,
    search,
    describe: toolDeclaration,
    signature: toolSignature,
  });
  const preparer = createProgramPreparer(clock);
  const prepareScript = rememberPrograms((text) => preparer.prepare(text));
  const executor = createExecutor({
    prepare: async (text, language) =>
      language === "python" ? preparePython(text) : await prepareScript(text),
    check: createProgramCheck({
      mode: options.check ?? "strict",
      catalogue,
      globals: createGuestGlobals(sandbox, log),
      policy,
      signature: toolSignature,
    }),
    sandbox,
    languages,
    executionLog: options.executionLog ?? createMemoryExecutionLog({ clock }),
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

  const manifest = () => buildManifest(store.current, profile, languages, tokenCounter);
  let tools: readonly ToolDefinition[] = manifest();
  const listeners = new Set<() => void>();
  const indexAhead = (): void => {
    search.prepare().catch((cause: unknown) => log({ level: "error", message: "Indexing failed", cause }));
  };
  indexAhead();
  store.onChange(() => {
    indexAhead();
    tools = manifest();
    for (const listener of listeners) listener();
  });

  const dispose = async (): Promise<void> => {
    listeners.clear();
    store.dispose();
    const parts = [...upstreams, sandbox, preparer];
    await Promise.allSettled(parts.map((part) => part.dispose()));
  };
  return {
    get catalogue() {
      return store.current;
    },
    get tools() {
      return tools;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    search,
    run: async (request) => (await executor.run(request)).report,
    callTool: (name, args, callOptions) =>
      callMetaTool(
        { search: (request) => renderSearchAnswer(search(request)), run: (request) => executor.run(request) },
        name,
        args,
        callOptions,
      ),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
