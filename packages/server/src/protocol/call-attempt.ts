import {
  ERROR_CODES,
  isErrorCode,
  OptimizerError,
  type ApprovalGrant,
  type ErrorCode,
  type JsonObject,
  type Log,
  type PendingApproval,
  type ToolProgress,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import {
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type Server,
} from "@modelcontextprotocol/server";
import type { ToolList } from "../tool-list.ts";
import type { ToolSource } from "../tool-source.ts";
import type { CallOrigin } from "./call-origin.ts";
import { ERROR_META_KEY, toErrorResult } from "./error-result.ts";
import { toWireResult } from "./wire-result.ts";

/** What calls need beside their requests. */
export interface CallParts {
  readonly source: ToolSource;
  readonly tools: ToolList;
  readonly log: Log;
}

/** The call that a request asks for. */
export interface RequestedCall {
  readonly server: Server;
  readonly name: string;
  readonly args: JsonObject;
  readonly origin: CallOrigin;
}

/** One try at a call: the first, or one with a person's answer. */
export interface Attempt {
  readonly approval: ApprovalGrant | undefined;
  readonly signal: AbortSignal;
  readonly untilDone: boolean;
  readonly onProgress: ((progress: ToolProgress) => void) | undefined;
  /** Told the run that the call begins. */
  readonly onRun?: (runId: string) => void;
}

/** What programs may know of a failed call. */
export interface CallError {
  readonly code: ErrorCode;
  readonly data?: JsonObject | undefined;
}

/** How a try ended. */
export interface Outcome {
  readonly result: CallToolResult;
  /** There if a person has to decide before the call can succeed. */
  readonly pending: PendingApproval | undefined;
  /** Of an error, where it is known. */
  readonly error: CallError | undefined;
}

/** Calls the tool once. A failure is a result with `isError`. Throws a ProtocolError only for a tool that does not exist. */
export async function attemptCall(
  { source, tools, log }: CallParts,
  { server, name, args, origin }: RequestedCall,
  { approval, signal, untilDone, onProgress, onRun }: Attempt,
): Promise<Outcome> {
  let pending: PendingApproval | undefined;
  let raw: ToolResult;
  try {
    raw = await source.callTool(name, args, {
      ...origin,
      signal,
      ...(onProgress !== undefined && { onProgress }),
      ...(approval !== undefined && { approval }),
      ...(untilDone && { untilDone }),
      ...(onRun !== undefined && { onRun }),
      onApproval: (asked) => (pending = asked),
    });
    const result = toWireResult(server, raw, tools.find(name, origin));
    return { result, pending: raw.isError === true ? pending : undefined, error: errorOf(raw) };
  } catch (error) {
    const code = OptimizerError.is(error) && isErrorCode(error.code) ? error.code : "internal";
    if (!signal.aborted) logFailure(log, name, code, error);
    if (OptimizerError.is(error) && code === "unknown_tool") {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message, { code, ...error.data });
    }
    return {
      result: toErrorResult(error) as CallToolResult,
      pending,
      error: { code, data: OptimizerError.is(error) ? error.data : undefined },
    };
  }
}

function errorOf({ isError, _meta: meta }: ToolResult): CallError | undefined {
  const error = (isError === true ? meta?.[ERROR_META_KEY] : undefined) as Partial<CallError> | undefined;
  return isErrorCode(error?.code) ? { code: error.code, data: error.data } : undefined;
}

function logFailure(log: Log, tool: string, code: ErrorCode, cause: unknown): void {
  const levels = { caller: "debug", operator: "warn", us: "error" } as const;
  const level = levels[ERROR_CODES[code].actor];
  // An error about approval holds the planned arguments, which are the user's and no log's.
  const private_ = code === "approval_required" || code === "approval_rejected";
  log({
    level,
    message: "A tool call failed.",
    fields: { tool, code },
    ...(!private_ && { cause }),
  });
}
