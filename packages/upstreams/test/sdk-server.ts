import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";

/** A server on the SDK of both eras, as others write them. */
export function createSdkServer(): McpServer {
  const server = new McpServer({ name: "sdk", version: "1.0.0" });
  server.registerTool(
    "double",
    {
      description: "Doubles a number.",
      inputSchema: z.object({ n: z.number() }),
      outputSchema: z.object({ twice: z.number() }),
    },
    ({ n }) => ({ content: [{ type: "text", text: `${2 * n}` }], structuredContent: { twice: 2 * n } }),
  );
  server.registerTool("grow", { description: "Adds a tool.", inputSchema: z.object({}) }, () => {
    server.registerTool("late", { description: "Late.", inputSchema: z.object({}) }, () => ({ content: [] }));
    return { content: [] };
  });
  server.registerTool(
    "ask",
    { description: "Asks the user.", inputSchema: z.object({}) },
    async (_args, ctx) => {
      await ctx.mcpReq.elicitInput({ message: "Sure?", requestedSchema: { type: "object", properties: {} } });
      return { content: [] };
    },
  );
  return server;
}

if (import.meta.main) serveStdio(createSdkServer);
