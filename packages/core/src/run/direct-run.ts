import {
  OptimizerError,
  type ApprovalGrant,
  type Clock,
  type ExecutionLog,
  type JsonObject,
  type JsonValue,
  type Log,
  type PendingApproval,
  type RunLimits,
  type RunScope,
  type RunSource,
  type ToolProgress,
} from "@mcp-optimizer/contracts";
import type { ApprovalDesk } from "../approvals/approval-desk.ts";
import { approvalNeeded } from "../approvals/approval-needed.ts";
import { createRunApprovals } from "../approvals/run-approvals.ts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import { openRunJournal } from "../log/run-journal.ts";
import type { UsageLimits } from "../rates/usage-limits.ts";
import { ToolCallFault } from "./guest-error.ts";
import { contextOf, countReports, type RunContext } from "./run-context.ts";
import type { CallRecord } from "./run-report.ts";
import type { ToolCaller } from "./tool-caller.ts";

/** Who makes calls without a program, and how they go. */
export interface DirectRunOptions {
  /** Default `local`. */
  readonly tenant?: string;
  readonly session?: string;
  /** Goes on with an earlier run of the same source. Default: a new one. */
  readonly runId?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ToolProgress) => void;
  readonly approval?: ApprovalGrant;
  readonly onApproval?: (pending: PendingApproval) => void;
  /** The run that it is a part of. Default: its own. */
  readonly within?: RunScope;
  /** Calls give results as servers sent them. Default false: values, as a program gets them. */
  readonly raw?: boolean;
  /** Servers whose results the caller has; grows. Default: a set of its own. */
  readonly sources?: Set<string>;
}

/** What the work of a direct run may do. */
export interface DirectRun {
  readonly runId: string;
  /** Calls a tool by any name that a program could use, as a program would. Rejects with OptimizerError. */
  call(name: string, args: JsonObject): Promise<JsonValue>;
}

/** What a direct run gave. */
export interface DirectRunAnswer<Value> {
  readonly runId: string;
  readonly value: Value;
  readonly calls: readonly CallRecord[];
}

/** What direct runs stand on. */
export interface DirectRunParts {
  /** What a tenant sees now. */
  readonly catalogue: (tenant: string) => Catalogue;
  readonly callTool: ToolCaller;
  readonly approvals: ApprovalDesk;
  readonly usage: Pick<UsageLimits, "enter">;
  readonly executionLog: ExecutionLog;
  /** Of each run of a program within. */
  readonly limits: RunLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly randomId: () => string;
}

/** Does work that calls tools without a program: logged, replayed and approved as the run of a program is. Rejects with OptimizerError. */
export type DirectRunner = <Value>(
  source: RunSource,
  options: DirectRunOptions,
  work: (run: DirectRun) => Promise<Value>,
) => Promise<DirectRunAnswer<Value>>;

/** A call that has said nothing for so long is dead. */
const LEASE_MS = 600_000;
const NEVER = new AbortController().signal;

/** Makes a {@link DirectRunner}. */
export function createDirectRunner(parts: DirectRunParts): DirectRunner {
  return async (source, options, work) => {
    const outer = contextOf(options.within);
    if (outer !== undefined) return await doWork(parts, outer, options, work);
    const { tenant = "local", session } = options;
    const { leave } = await parts.usage.enter({ tenant, session });
    try {
      const context = await begin(parts, source, options);
      let failure: OptimizerError | undefined;
      const done = await doWork(parts, context, options, work).catch((error: unknown) => {
        failure = faultOf(error);
      });
      const end = await settle(parts, source, options, context, failure);
      if (end !== undefined || done === undefined) throw end;
      return done;
    } finally {
      leave();
    }
  };
}

async function doWork<Value>(
  parts: DirectRunParts,
  context: RunContext,
  { signal }: DirectRunOptions,
  work: (run: DirectRun) => Promise<Value>,
): Promise<DirectRunAnswer<Value>> {
  const { runId, calls } = context;
  const from = calls.length;
  const value = await work({ runId, call: directCall(parts, context, signal) });
  return { runId, value, calls: calls.slice(from) };
}

/** Ends a run of its own. The error that it ends with, if any. */
async function settle(
  { approvals, log }: DirectRunParts,
  source: RunSource,
  { onApproval }: DirectRunOptions,
  context: RunContext,
  failure: OptimizerError | undefined,
): Promise<OptimizerError | undefined> {
  const { tenant, runId, journal } = context;
  let end = failure;
  if (context.approvals.planning) {
    const complete = failure === undefined;
    const pending = await approvals.request(tenant, runId, source, context.approvals, complete);
    onApproval?.(pending);
    end = approvalNeeded(pending.request, "call");
  }
  await journal
    .close(end && { code: end.code, message: end.message })
    .catch((cause: unknown) => log({ level: "error", message: "A run could not be closed", cause }));
  return end;
}

async function begin(
  parts: DirectRunParts,
  source: RunSource,
  options: DirectRunOptions,
): Promise<RunContext> {
  const { tenant = "local", session, approval, onProgress, raw = false, sources = new Set() } = options;
  const approved = approval && (await parts.approvals.redeem(tenant, source, approval));
  const runId = approved?.runId ?? options.runId ?? `r_${parts.randomId()}`;
  const journal = await openRunJournal({
    log: parts.executionLog,
    clock: parts.clock,
    randomId: parts.randomId,
    tenant,
    runId,
    source,
    owner: parts.randomId(),
    leaseMs: LEASE_MS,
  });
  return {
    runId,
    tenant,
    ...(session !== undefined && { session }),
    language: "javascript",
    journal,
    approvals: approved?.approvals ?? createRunApprovals(),
    sources,
    limits: parts.limits,
    calls: [],
    report: raw ? undefined : countReports(onProgress),
    raw,
    ...(raw && onProgress && { relay: onProgress }),
    depth: 0,
  };
}

function directCall(
  { catalogue, callTool }: DirectRunParts,
  { mayCall: _mayCall, ...context }: RunContext,
  signal: AbortSignal = NEVER,
): DirectRun["call"] {
  return async (name, args) => {
    const seen = catalogue(context.tenant);
    const tool = seen.resolve(name) ?? unknownTool(seen, name);
    return await callTool(context, tool, [args], signal).catch((error: unknown) => {
      throw faultOf(error);
    });
  };
}

function unknownTool(catalogue: Catalogue, name: string): CatalogueTool {
  const [meant] = catalogue.suggest(name, 1);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  throw new OptimizerError("unknown_tool", { detail: `${name.slice(0, 200)}${hint}` });
}

function faultOf(error: unknown): OptimizerError {
  if (error instanceof ToolCallFault) return error.fault;
  return OptimizerError.is(error) ? error : new OptimizerError("internal", { cause: error });
}
