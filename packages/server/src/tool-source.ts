import type {
  JsonObject,
  ServedCallOptions,
  ToolDefinition,
  ToolProvider,
  ToolResult,
} from "@mcp-optimizer/contracts";

/** Who sees a list of tools. */
export interface ToolViewer {
  readonly tenant: string;
  readonly scopes: readonly string[];
}

/** What is served: the tools to list, news of their change, and the calls. The optimizer is one, and so is every tool provider. */
export interface ToolSource extends Pick<ToolProvider, "tools" | "onChange"> {
  /** The tools that a caller sees; the same array while they are the same. Default: everybody sees all. */
  toolsFor?(viewer: ToolViewer): readonly ToolDefinition[];
  /** As {@link ToolProvider.callTool}; a source that asks for approval says so through `onApproval`, and takes the answer with the next call. */
  callTool(name: string, args: JsonObject, options?: ServedCallOptions): Promise<ToolResult>;
}
