import type { ToolDefinition } from "@mcp-optimizer/contracts";
import {
  McpServer,
  Server,
  type Implementation,
  type JSONRPCRequest,
  type Result,
  type ServerContext,
  type ServerOptions,
} from "@modelcontextprotocol/server";

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

/** A server whose tool results leave as its handler made them: the SDK's own check would drop every field that it does not know. */
class VerbatimProtocol extends Server {
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    // oxlint-disable-next-line no-underscore-dangle -- the SDK's name for its hook
    return method === "tools/call" ? handler : super._wrapHandler(method, handler);
  }
}

/**
 * An MCP server for tools that others defined. It is an `McpServer` only because the SDK's HTTP entry
 * checks `Mcp-Param-*` headers against the tool's schema for that class alone.
 */
export class VerbatimServer extends McpServer {
  override readonly server: Server;
  readonly #find: (name: string) => ToolDefinition | undefined;

  constructor(
    info: Implementation,
    options: ServerOptions,
    find: (name: string) => ToolDefinition | undefined,
  ) {
    super(info);
    this.server = new VerbatimProtocol(info, options);
    this.#find = find;
  }

  /** The input schema by which the SDK checks mirrored headers. */
  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    return this.#find(name)?.inputSchema;
  }
}
