import {
  INVALID_PARAMS,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
} from "@modelcontextprotocol/client";
import { OptimizerError, type JsonObject } from "@mcp-optimizer/contracts";
import type { Redactor } from "../redactor.ts";
import type { ConnectionFault } from "./connection-fault.ts";

/** What is known of a call that failed. */
export interface FailedCall {
  readonly server: string;
  readonly tool: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Why the connection ended, when it did. */
  readonly fault: ConnectionFault | undefined;
  readonly redact: Redactor;
}

const NOT_APPLIED = { notApplied: true } as const;
/** The server lives: whoever counts its faults does not count this. */
const ANSWERED = { answered: true } as const;
/** JSON-RPC's code for a method that the server does not have. */
const METHOD_NOT_FOUND = -32601;
/** Answers of HTTP with which a server refuses a request before it looks into it. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404, 405, 406, 411, 413, 415, 429, 431]);
const UNKNOWN = "whether the call took effect is not known";

/** The typed error for what the SDK threw at a call. */
export function toCallError(error: unknown, call: FailedCall): OptimizerError {
  if (OptimizerError.is(error)) return error;
  const { server, tool, fault, redact } = call;
  const make = (code: OptimizerError["code"], detail: string, more: JsonObject = {}): OptimizerError =>
    new OptimizerError(code, { detail, data: { server, tool, ...more }, cause: error });
  if (call.signal?.aborted === true)
    return make("cancelled", `the call of ${tool} at "${server}" was cancelled`);
  if (fault !== undefined) return make(fault.code, `"${server}" ${fault.message}; ${UNKNOWN}`);
  if (error instanceof ProtocolError) {
    const said = redact(error.message);
    const detail =
      error.code === INVALID_PARAMS
        ? `"${server}" refused the arguments or the name of ${tool} (${error.code}): ${said}`
        : `"${server}" answered ${tool} with the error ${error.code}: ${said}`;
    const refused = error.code === INVALID_PARAMS || error.code === METHOD_NOT_FOUND;
    return make("upstream_failed", detail, { rpcCode: error.code, ...(refused && NOT_APPLIED) });
  }
  if (error instanceof SdkHttpError) {
    return make("upstream_failed", `"${server}" answered ${tool} with HTTP ${error.status}`, {
      httpStatus: error.status,
      ...(REFUSALS.has(error.status) && NOT_APPLIED),
    });
  }
  if (!(error instanceof SdkError))
    return make("upstream_failed", `the call of ${tool} at "${server}" failed; ${UNKNOWN}`);
  if (error.code === SdkErrorCode.RequestTimeout) {
    return make(
      "timeout",
      `"${server}" did not answer ${tool} within ${call.timeoutMs / 1000} s; ${UNKNOWN}`,
    );
  }
  if (error.code === SdkErrorCode.UnsupportedResultType) {
    return make(
      "upstream_failed",
      `${tool} of "${server}" asks for input from a person, which is not supported here`,
      ANSWERED,
    );
  }
  if (error.code === SdkErrorCode.InvalidResult) {
    return make(
      "upstream_failed",
      `"${server}" answered ${tool} with something that is no tool result`,
      ANSWERED,
    );
  }
  return make("upstream_failed", `the connection to "${server}" is closed; ${UNKNOWN}`);
}
