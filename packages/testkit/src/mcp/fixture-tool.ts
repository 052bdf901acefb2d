import type { JsonObject, ToolDefinition, ToolProgress, ToolResult } from "@mcp-optimizer/contracts";

/** What a fixture tool gets beside its arguments. */
export interface FixtureToolContext {
  /** Aborts when the caller cancelled the call. */
  readonly signal: AbortSignal;
  /** Reports progress; nothing happens when the caller asked for none. */
  readonly progress: (progress: ToolProgress) => void;
}

/** A tool of a fixture server or of the in-memory provider. */
export interface FixtureTool {
  readonly definition: ToolDefinition;
  /** Throwing a {@link FixtureRpcError} answers with a JSON-RPC error. */
  readonly call: (args: JsonObject, context: FixtureToolContext) => ToolResult | Promise<ToolResult>;
}
