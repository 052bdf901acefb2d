import type { ToolDefinition } from "@mcp-optimizer/contracts";
import type { ServerListing } from "../../src/catalogue/build-server.ts";

/** A tool definition with the given fields. */
export function tool(name: string, fields: Partial<ToolDefinition> = {}): ToolDefinition {
  return { name, inputSchema: { type: "object" }, ...fields };
}

/** A server that is ready, with these tools. */
export function ready(name: string, tools: readonly ToolDefinition[]): ServerListing {
  return { name, status: { state: "ready" }, tools };
}
