import type { ToolProvider } from "@mcp-optimizer/contracts";

/** What is served: the tools to list, news of their change, and the calls. The optimizer is one, and so is every tool provider. */
export type ToolSource = Pick<ToolProvider, "tools" | "onChange" | "callTool">;
