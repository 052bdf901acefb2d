import type { JsonObject } from "@mcp-optimizer/contracts";
import {
  ProtocolError,
  ProtocolErrorCode,
  specTypeSchemas,
  type CacheHint,
  type ListToolsResult,
} from "@modelcontextprotocol/server";
import type { ServiceOptions } from "../service-options.ts";
import { callTool, type ToolCaller } from "./tool-caller.ts";
import { VerbatimServer } from "./verbatim-server.ts";

/** The list depends on the user's own servers, and a client without a change stream should notice a change within a minute. */
const CACHE_HINT: CacheHint = { ttlMs: 60_000, cacheScope: "private" };

/** Creates a server for one connection, session or request. */
export type ServerFactory = () => VerbatimServer;

/** Makes servers that list the tools unchanged and pass calls on. They hold no state, so each era may have as many as it likes. */
export function createServerFactory(
  caller: ToolCaller,
  { name, version, instructions, log }: ServiceOptions,
): ServerFactory {
  const options = {
    capabilities: { tools: { listChanged: true } },
    cacheHints: { "tools/list": CACHE_HINT, "server/discover": CACHE_HINT },
    ...(instructions !== undefined && { instructions }),
  };
  return () => {
    const product = new VerbatimServer({ name, version }, options, (tool) => caller.tools.find(tool));
    const { server } = product;
    server.setRequestHandler("tools/list", ({ params }): ListToolsResult => {
      if (params?.cursor !== undefined) {
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          "There is only one page: leave the cursor out.",
        );
      }
      return { tools: [...caller.tools.current()] as ListToolsResult["tools"] };
    });
    server.setRequestHandler(
      "tools/call",
      { params: specTypeSchemas.CallToolRequestParams },
      (params, context) =>
        callTool(caller, server, params.name, (params.arguments ?? {}) as JsonObject, context),
    );
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- not an event target
    server.onerror = (cause) =>
      log?.({ level: "debug", message: "A client broke the protocol or left.", cause });
    return product;
  };
}
