import type { JsonObject, ServedCallOptions, ToolProvider, ToolResult } from "@mcp-optimizer/contracts";

/** What is served: the tools to list, news of their change, and the calls. The optimizer is one, and so is every tool provider. */
export interface ToolSource extends Pick<ToolProvider, "tools" | "onChange"> {
  /** As {@link ToolProvider.callTool}; a source that asks for approval says so through `onApproval`, and takes the answer with the next call. */
  callTool(name: string, args: JsonObject, options?: ServedCallOptions): Promise<ToolResult>;
}
