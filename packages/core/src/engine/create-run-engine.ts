import type { JobHandler } from "@mcp-optimizer/contracts";
import { approvalSecret } from "../approvals/approval-secret.ts";
import { createApprovalDesk } from "../approvals/approval-desk.ts";
import { createApprovalStates } from "../approvals/approval-states.ts";
import type { CallCache } from "../cache/call-cache.ts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { CatalogueView } from "../catalogue/catalogue-view.ts";
import { createProgramCheck, type ProgramCheckParts } from "../check/program-check.ts";
import { parseCall } from "../formats/parse-call.ts";
import type { ToolLearning } from "../learning/tool-learning.ts";
import { createJobHandler } from "../queue/job-handler.ts";
import { createQueuedCalls } from "../queue/queued-calls.ts";
import { createQueuedExecutor } from "../queue/queued-executor.ts";
import { createUsageLimits, LIMITLESS, type UsageLimits } from "../rates/usage-limits.ts";
import { createResilience, type Resilience } from "../resilience/resilience.ts";
import { createBroker, type BrokerParts } from "../run/broker.ts";
import { createArgumentCheck } from "../run/check-arguments.ts";
import { createDirectCaller } from "../run/direct-call.ts";
import { createDirectRunner, type DirectRunner } from "../run/direct-run.ts";
import { createExecutor, type Executor, type ExecutorParts } from "../run/executor.ts";
import { createRunDesk, type RunDesk } from "../run/run-desk.ts";
import { createSharedRuns } from "../run/shared-runs.ts";
import type { RunReport, RunRequest } from "../run/run-report.ts";
import { createToolCaller, type ToolCallerParts } from "../run/tool-caller.ts";
import { createRuns } from "../runs/create-runs.ts";
import type { Runs } from "../runs/runs.ts";
import { contextBounds, sessionFunctions } from "../sessions/session-functions.ts";
import { showFunctions } from "../show/show-functions.ts";
import { toolDeclaration } from "../signatures/tool-declaration.ts";
import { toolSignature } from "../signatures/tool-signature.ts";
import { vaultFunctions } from "../vault/vault-functions.ts";
import type { BaseParts } from "./base-parts.ts";

/** What runs reach beside the base. */
export interface RunEngineParts
  extends
    Pick<ToolCallerParts, "providers">,
    Pick<ExecutorParts, "prepare">,
    Pick<ProgramCheckParts, "globals"> {
  readonly catalogue: CatalogueView;
  readonly search: BrokerParts["search"];
  readonly learning: Pick<ToolLearning, "observe" | "emptyValue" | "outputs">;
  readonly caches: { readonly calls: CallCache };
}

/** What runs programs and calls. */
export interface RunEngine {
  readonly run: (request: RunRequest) => Promise<RunReport>;
  readonly desk: RunDesk;
  readonly direct: DirectRunner;
  readonly callDirect: ReturnType<typeof createDirectCaller>;
  /** Does a job of a queue, in this process. */
  readonly perform: JobHandler;
  /** The process closes: what it gave to workers goes on without it. */
  readonly leave: () => void;
  readonly runs: Runs;
  readonly resilience: Resilience;
  /** How long a request waits for its run. */
  readonly foregroundSeconds: number;
}

/** Puts together what a run goes through, from its first check to its last call. */
export async function createRunEngine(base: BaseParts, parts: RunEngineParts): Promise<RunEngine> {
  const { options, clock, log, randomId, metrics, policy, vault, executionLog, ledger } = base;
  const { catalogue, learning } = parts;
  const { foregroundSeconds = 25, approvals: asking = {} } = options;
  const ttlMs = (asking.ttlSeconds ?? 600) * 1_000;
  const states = createApprovalStates({ clock, secret: approvalSecret(asking.secret), ttlMs });
  const approvals = createApprovalDesk({ states, executionLog, clock });
  const usage = await createUsageLimits(options.rates, {
    createWindow: options.rateWindows,
    places: options.runPlaces,
    clock,
    log,
  });
  const resilience = createResilience(options.resilience, { clock, log, ...(metrics && { metrics }) });
  const checkArguments = createArgumentCheck();
  const callTool = createToolCaller({
    ...base,
    providers: parts.providers,
    usage,
    resilience,
    cache: parts.caches.calls,
    // Arguments are a matter of what the server declares.
    signature: (tool) => toolSignature(tool),
    checkArguments,
    learn: learning.observe,
    emptyValue: learning.emptyValue,
    observers: ledger ? [ledger.observe] : [],
  });
  const signature = (tool: CatalogueTool, tenant?: string): string =>
    toolSignature(tool, learning.outputs(tenant));
  const bindings = createBroker({
    catalogue,
    functions: {
      ...vaultFunctions(vault),
      ...showFunctions(vault),
      ...sessionFunctions({ ...base, ...contextBounds(base) }),
      "tools.parse": parseCall,
    },
    log,
    callTool,
    search: parts.search,
    describe: (tool, tenant) => toolDeclaration(tool, {}, learning.outputs(tenant)),
    signature,
  });
  const { check: mode = "strict" } = options;
  const programParts = {
    ...base,
    prepare: parts.prepare,
    check: createProgramCheck({ mode, catalogue, globals: parts.globals, policy, signature }),
    approvals,
    usage,
    maxProgramTokens: options.flags?.maxTokensPerRequest,
    bindings,
    catalogue,
    maxRuns: options.maxRuns ?? 64,
  };
  const watched = (programs: Executor): Executor => ledger?.programs(programs) ?? programs;
  const { runQueue: queue } = options;
  const leaving = new AbortController();
  const { signal: closing } = leaving;
  const local = watched(createExecutor(programParts));
  const executor =
    queue === undefined ? local : watched(createQueuedExecutor({ ...programParts, queue, closing, local }));
  const callParts = { ...base, catalogue, callTool, approvals, usage };
  const directly = (runner: DirectRunner): DirectRunner => ledger?.directRuns(runner) ?? runner;
  const direct = directly(createDirectRunner(callParts));
  const callLocally = createDirectCaller(direct, catalogue);
  const { claim = () => {}, ended = () => {} } = ledger ?? {};
  const callDirect =
    queue === undefined
      ? callLocally
      : createQueuedCalls({ ...callParts, queue, closing, local: callLocally, ended });
  // The front of a job has counted its run.
  const free: UsageLimits = { ...LIMITLESS, call: (owner) => usage.call(owner) };
  const perform = createJobHandler({
    executor: watched(createExecutor({ ...programParts, usage: free, maxRuns: Infinity })),
    callDirect: createDirectCaller(directly(createDirectRunner({ ...callParts, usage: free })), catalogue),
    claim,
  });
  const run = async (request: RunRequest): Promise<RunReport> => (await executor.run(request)).report;
  const foregroundMs = foregroundSeconds * 1_000;
  const inverses = Object.assign(
    {},
    ...(options.adaptors ?? []).map((adaptor) => adaptor.inverses),
    options.inverses,
  );
  const { runStatus: store, bulletin } = options;
  const shared = store && bulletin && createSharedRuns({ ...base, store, bulletin });
  return {
    run,
    desk: createRunDesk({ executor, approvals, executionLog, shared, clock, randomId, foregroundMs }),
    direct,
    callDirect,
    perform,
    leave: () => leaving.abort(),
    runs: createRuns({
      executionLog,
      catalogue,
      run,
      callDirect,
      runDirect: direct,
      policy,
      checkArguments,
      inverses,
    }),
    resilience,
    foregroundSeconds,
  };
}
