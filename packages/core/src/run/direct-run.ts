import {
  OptimizerError,
  type ApprovalGrant,
  type JsonObject,
  type JsonValue,
  type PendingApproval,
  type RunLimits,
  type RunScope,
  type RunSource,
  type ToolProgress,
} from "@mcp-optimizer/contracts";
import type { ReadTrail } from "../cache/read-trail.ts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import type { UsageLimits } from "../rates/usage-limits.ts";
import { ToolCallFault } from "./guest-error.ts";
import { endRun, openRun, type OpenRunParts } from "./open-run.ts";
import { contextOf, countReports, type RunContext } from "./run-context.ts";
import type { ShownPiece } from "../show/shown-piece.ts";
import type { CallRecord } from "./run-report.ts";
import type { ToolCaller } from "./tool-caller.ts";

/** Who makes calls without a program, and how they go. */
export interface DirectRunOptions {
  /** Default `local`. */
  readonly tenant?: string;
  /** Who of the tenant it is. Default: the tenant's name. */
  readonly principal?: string;
  /** What the caller was granted. Default none. */
  readonly scopes?: readonly string[];
  readonly session?: string;
  /** The session that the caller names for variables of programs within. Default: that of the connection. */
  readonly sessionId?: string;
  readonly connection?: string;
  /** Goes on with an earlier run of the same source. Default: a new one. */
  readonly runId?: string;
  /** Takes that run from its owner, who is dead. Default false. */
  readonly takeOver?: boolean;
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
  /** Reads come from their servers, not from earlier calls. Default false. */
  readonly fresh?: boolean;
  /** Notes what is read. */
  readonly trail?: ReadTrail;
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
  /** What programs within handed to the client. */
  readonly shown: readonly ShownPiece[];
}

/** What direct runs stand on. */
export interface DirectRunParts extends OpenRunParts {
  /** What a caller sees now. */
  readonly catalogue: (viewer: Viewer) => Catalogue;
  readonly callTool: ToolCaller;
  readonly usage: Pick<UsageLimits, "enter">;
  /** Of each run of a program within. */
  readonly limits: RunLimits;
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
    const { tenant = "local", principal, session } = options;
    // Programs within have their time, one after the other.
    const { leave } = await parts.usage.enter({ tenant, principal, session }, LEASE_MS + parts.limits.wallMs);
    let context: RunContext | undefined;
    try {
      context = await begin(parts, source, options);
      let failure: OptimizerError | undefined;
      const { signal: asked } = options;
      const signal = AbortSignal.any([...(asked ? [asked] : []), context.variables.ended]);
      const done = await doWork(parts, context, { ...options, signal }, work).catch((error: unknown) => {
        failure = faultOf(error);
      });
      const { onApproval } = options;
      const needed = await endRun(parts, context, { source, error: failure, onApproval });
      if (needed !== undefined || done === undefined) throw needed ?? failure;
      return done;
    } finally {
      context?.variables.leave();
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
  const { runId, calls, shown } = context;
  const [from, shownFrom] = [calls.length, shown.length];
  const value = await work({ runId, call: directCall(parts, context, signal) });
  return { runId, value, calls: calls.slice(from), shown: shown.slice(shownFrom) };
}

async function begin(
  parts: DirectRunParts,
  source: RunSource,
  options: DirectRunOptions,
): Promise<RunContext> {
  const { onProgress, raw = false, sources, fresh = false, trail } = options;
  const { limits } = parts;
  const opening = { ...options, source, language: "javascript" as const, limits, leaseMs: LEASE_MS };
  const opened = await openRun(parts, opening);
  return {
    ...opened,
    ...(sources && { sources }),
    ...(fresh && { fresh }),
    ...(trail && { trail }),
    report: raw ? undefined : countReports(onProgress),
    raw,
    ...(raw && onProgress && { relay: onProgress }),
  };
}

function directCall(
  { catalogue, callTool }: DirectRunParts,
  { mayCall: _mayCall, ...context }: RunContext,
  signal: AbortSignal = NEVER,
): DirectRun["call"] {
  return async (name, args) => {
    const seen = catalogue(context);
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
