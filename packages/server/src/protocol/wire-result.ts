import type { ContentBlock, ToolDefinition, ToolResult } from "@mcp-optimizer/contracts";
import { SERVER_INFO_META_KEY, type CallToolResult, type Server } from "@modelcontextprotocol/server";
import { toWireBlock } from "./wire-block.ts";

/**
 * A tool's result as this connection's protocol revision can carry it. Unknown fields are kept.
 * Revisions before 2026-07-28 have structured content of objects only: another value is wrapped as `{ result }`, as the SDK does with its output schema.
 */
export function toWireResult(
  server: Server,
  result: ToolResult,
  tool: ToolDefinition | undefined,
): CallToolResult {
  // These two speak of the hop behind us; the SDK writes those of this hop.
  const { resultType: _resultType, _meta: meta = {}, ...kept } = result;
  const { [SERVER_INFO_META_KEY]: _serverInfo, ...ownMeta } = meta;
  const content = Array.isArray(result.content) ? result.content : [];
  const wire: ToolResult = {
    ...kept,
    content: content.map((block: ContentBlock) => toWireBlock(block)),
    ...(Object.keys(ownMeta).length > 0 && { _meta: ownMeta }),
  };
  return server.projectCallToolResult(wire as CallToolResult, tool?.outputSchema);
}
