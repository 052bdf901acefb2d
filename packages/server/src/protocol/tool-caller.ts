import {
  ERROR_CODES,
  isErrorCode,
  OptimizerError,
  type JsonObject,
  type Log,
} from "@mcp-optimizer/contracts";
import {
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { ToolList } from "../tool-list.ts";
import type { ToolSource } from "../tool-source.ts";
import { toErrorResult } from "./error-result.ts";
import { createProgressRelay } from "./progress-relay.ts";
import { toWireResult } from "./wire-result.ts";

/** What a call needs beside its request. */
export interface ToolCaller {
  readonly source: ToolSource;
  readonly tools: ToolList;
  readonly log: Log;
}

/**
 * Calls a tool for one request: cancelling the request aborts the call, and progress goes out under the client's
 * token if it sent one. A failure is a result with `isError`. Throws a ProtocolError only for a tool that does not exist.
 */
export async function callTool(
  caller: ToolCaller,
  server: Server,
  name: string,
  args: JsonObject,
  { mcpReq }: ServerContext,
): Promise<CallToolResult> {
  const { signal, notify, _meta: meta } = mcpReq;
  const progressToken = meta?.progressToken;
  const relay = createProgressRelay((progress) => {
    const params = { progressToken: progressToken!, ...progress };
    notify({ method: "notifications/progress", params }).catch((cause: unknown) => {
      caller.log({ level: "debug", message: "Progress could not be sent.", fields: { tool: name }, cause });
    });
  });
  try {
    const result = await caller.source.callTool(name, args, {
      signal,
      ...(progressToken !== undefined && { onProgress: relay.report }),
    });
    return toWireResult(server, result, caller.tools.find(name));
  } catch (error) {
    if (!signal.aborted) logFailure(caller.log, name, error);
    if (OptimizerError.is(error) && error.code === "unknown_tool") {
      const data = { code: error.code, ...error.data };
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message, data);
    }
    return toErrorResult(error) as CallToolResult;
  } finally {
    relay.end();
  }
}

function logFailure(log: Log, tool: string, error: unknown): void {
  const code = OptimizerError.is(error) && isErrorCode(error.code) ? error.code : "internal";
  const levels = { caller: "debug", operator: "warn", us: "error" } as const;
  log({
    level: levels[ERROR_CODES[code].actor],
    message: "A tool call failed.",
    fields: { tool, code },
    cause: error,
  });
}
