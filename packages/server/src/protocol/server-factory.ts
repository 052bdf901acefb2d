import type { JsonObject } from "@mcp-optimizer/contracts";
import {
  ProtocolError,
  ProtocolErrorCode,
  specTypeSchemas,
  type CacheHint,
  type ListToolsResult,
} from "@modelcontextprotocol/server";
import type { ServiceOptions } from "../service-options.ts";
import { serveTaskMethods } from "../tasks/task-methods.ts";
import { callOrigin } from "./call-origin.ts";
import { TASKS_EXTENSION } from "./client-abilities.ts";
import { callTool, type Connection, type ToolCaller } from "./tool-caller.ts";
import { VerbatimServer } from "./verbatim-server.ts";

/** The list depends on the user's own servers, and a client without a change stream should notice a change within a minute. */
const CACHE_HINT: CacheHint = { ttlMs: 60_000, cacheScope: "private" };

/** Creates a server for one connection, session or request. */
export type ServerFactory = (connection: Connection) => VerbatimServer;

/** Makes servers that list the tools unchanged and pass calls on. They hold no state of their own, so each era may have as many as it likes. */
export function createServerFactory(
  caller: ToolCaller,
  { name, version, instructions, log }: ServiceOptions,
): ServerFactory {
  const tools = { listChanged: true };
  const shared = {
    cacheHints: { "tools/list": CACHE_HINT, "server/discover": CACHE_HINT },
    ...(instructions !== undefined && { instructions }),
  };
  const options = {
    legacy: { ...shared, capabilities: { tools } },
    modern: { ...shared, capabilities: { tools, extensions: { [TASKS_EXTENSION]: {} } } },
  };
  return (connection) => {
    const product = new VerbatimServer({ name, version }, options[connection.era], (tool) =>
      caller.tools.find(tool, connection.viewer),
    );
    const { server } = product;
    server.setRequestHandler("tools/list", ({ params }, context): ListToolsResult => {
      if (params?.cursor !== undefined) {
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          "There is only one page: leave the cursor out.",
        );
      }
      return {
        tools: [...caller.tools.current(callOrigin(context, connection.id))] as ListToolsResult["tools"],
      };
    });
    server.setRequestHandler(
      "tools/call",
      { params: specTypeSchemas.CallToolRequestParams },
      (params, context) =>
        callTool(caller, server, connection, params.name, (params.arguments ?? {}) as JsonObject, context),
    );
    if (connection.era === "modern") serveTaskMethods(server, caller.tasks);
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- not an event target
    server.onerror = (cause) =>
      log?.({ level: "debug", message: "A client broke the protocol or left.", cause });
    return product;
  };
}
