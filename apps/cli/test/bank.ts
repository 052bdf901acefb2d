import {
  OptimizerError,
  type JsonObject,
  type ToolDefinition,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import { serveHttp } from "@mcp-optimizer/server";

/** A server that all processes reach, with what it was asked to write. */
export interface Bank extends AsyncDisposable {
  readonly url: string;
  readonly written: readonly JsonObject[];
}

/** Its tools: `note` writes, `slow` writes and answers when the server ends, `large` reads much. */
export async function openBank(): Promise<Bank> {
  const written: JsonObject[] = [];
  const released = Promise.withResolvers<void>();
  const tool = (name: string, readOnlyHint: boolean): ToolDefinition => ({
    name,
    inputSchema: { type: "object", properties: { text: { type: "string" } } },
    annotations: { readOnlyHint, destructiveHint: false },
  });
  const text = (words: string): ToolResult => ({ content: [{ type: "text", text: words }] });
  const source = {
    tools: [tool("note", false), tool("slow", false), tool("large", true)],
    onChange: () => () => {},
    async callTool(name: string, args: JsonObject): Promise<ToolResult> {
      if (name === "large") return text(JSON.stringify(Array.from({ length: 5_000 }, (_, row) => ({ row }))));
      if (name !== "note" && name !== "slow") throw new OptimizerError("unknown_tool", { detail: name });
      written.push(args);
      if (name === "slow") await released.promise;
      return text(`wrote ${args["text"] as string}`);
    },
  };
  const service = await serveHttp(source, { name: "bank", version: "1.0.0" });
  return {
    url: service.url,
    written,
    async [Symbol.asyncDispose]() {
      released.resolve();
      await service.close();
    },
  };
}
