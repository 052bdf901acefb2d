import {
  ERROR_CODES,
  OptimizerError,
  type ErrorCode,
  type JsonObject,
  type ToolResult,
} from "@mcp-optimizer/contracts";

/** The key in a result's `_meta` that holds the error's code, status and data for programs. */
const ERROR_META_KEY = "mcp-optimizer/error";

/** A failed call as a tool result, which a model reads. Only an OptimizerError's own words are shown; of anything else, nothing. */
export function toErrorResult(error: unknown): ToolResult {
  return OptimizerError.is(error)
    ? errorResult(error.code, error.message, error.data)
    : errorResult("internal", `${ERROR_CODES.internal.message}.`, undefined);
}

function errorResult(code: ErrorCode, message: string, data: JsonObject | undefined): ToolResult {
  const { status } = ERROR_CODES[code];
  return {
    content: [{ type: "text", text: `${code}: ${message}` }],
    isError: true,
    _meta: { [ERROR_META_KEY]: { code, status, ...(data !== undefined && { data }) } },
  };
}
