import type { TokenCounter, ToolDefinition } from "@mcp-optimizer/contracts";

/** Tokens of a tool as a client puts it before a model: name, description and input schema as JSON. */
export function toolTokens(
  counter: TokenCounter,
  { name, description, inputSchema }: ToolDefinition,
): number {
  return counter.count(JSON.stringify({ name, description, inputSchema }));
}
