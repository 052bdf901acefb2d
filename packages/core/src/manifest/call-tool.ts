import type { ToolDefinition } from "@mcp-optimizer/contracts";

/** The tool that calls one upstream tool without a program. */
export const CALL_TOOL: ToolDefinition = {
  name: "call_tool",
  description: "Call one tool without a program; of a long result a part and a handle. name: server.tool",
  inputSchema: {
    type: "object",
    properties: { name: { type: "string" }, args: { type: "object" } },
    required: ["name"],
  },
};
