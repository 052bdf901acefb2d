import { OptimizerError, type ToolResult } from "@mcp-optimizer/contracts";

/** The key in a result's `_meta` that holds the error's code, status and data for programs. */
export const ERROR_META_KEY = "mcp-optimizer/error";

/** A failed call as a tool result, which a model reads. Only an OptimizerError's own words are shown; of anything else, nothing. */
export function toErrorResult(error: unknown): ToolResult {
  const { code, status, message, data } = OptimizerError.is(error) ? error : new OptimizerError("internal");
  return {
    content: [{ type: "text", text: `${code}: ${message}` }],
    isError: true,
    _meta: { [ERROR_META_KEY]: { code, status, ...(data !== undefined && { data }) } },
  };
}
