import type { ToolResult } from "@mcp-optimizer/contracts";
import { serveHttp } from "@mcp-optimizer/server";

/** A server that writes down what it is told. */
export interface LedgerServer extends AsyncDisposable {
  readonly url: string;
  readonly written: readonly string[];
}

/** Opens a server with one tool, `write`. */
export async function openLedgerServer(): Promise<LedgerServer> {
  const written: string[] = [];
  const inputSchema = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };
  const service = await serveHttp(
    {
      tools: [{ name: "write", inputSchema }],
      onChange: () => () => {},
      async callTool(_name, args): Promise<ToolResult> {
        written.push(args["text"] as string);
        return { content: [{ type: "text", text: "written" }] };
      },
    },
    { name: "ledger", version: "1.0.0" },
  );
  return { url: service.url, written, [Symbol.asyncDispose]: () => service.close() };
}
