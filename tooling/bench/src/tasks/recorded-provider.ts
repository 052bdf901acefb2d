import type { JsonObject, ToolProvider, ToolResult } from "@mcp-optimizer/contracts";

/** A call that reached a server, with what came back. */
export interface RecordedCall {
  readonly server: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly result: ToolResult;
}

/** The provider, with every call told. Disposing of it does nothing: its connection serves the next engine. */
export function recordedProvider(provider: ToolProvider, record: (call: RecordedCall) => void): ToolProvider {
  return {
    name: provider.name,
    get status() {
      return provider.status;
    },
    get tools() {
      return provider.tools;
    },
    onChange: (listener) => provider.onChange(listener),
    async callTool(tool, args, options) {
      const result = await provider.callTool(tool, args, options);
      record({ server: provider.name, tool, args, result });
      return result;
    },
    dispose: () => Promise.resolve(),
  };
}
