import type { IncomingMessage, ServerResponse } from "node:http";
import { OptimizerError } from "@mcp-optimizer/contracts";
import {
  hostHeaderValidation,
  originValidation,
  toNodeHandler,
  type NodeIncomingMessageLike,
} from "@modelcontextprotocol/node";
import {
  createMcpHandler,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
} from "@modelcontextprotocol/server";
import { listen } from "./http/http-listener.ts";
import { jsonRpcError } from "./http/json-rpc-error.ts";
import { isLoopbackHost } from "./http/loopback.ts";
import { mcpFetch } from "./http/mcp-fetch.ts";
import { createSessionTable, type SessionLimits } from "./http/session-table.ts";
import { createServerFactory } from "./protocol/server-factory.ts";
import type { ServiceOptions } from "./service-options.ts";
import { systemClock } from "./system-clock.ts";
import { taskLimits } from "./tasks/task-limits.ts";
import { createTaskTable } from "./tasks/task-table.ts";
import { createToolList } from "./tool-list.ts";
import type { ToolSource } from "./tool-source.ts";

/** Options of {@link serveHttp}. */
export interface HttpOptions extends ServiceOptions, Partial<SessionLimits> {
  /** A loopback address or `localhost`. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Where MCP is served. Default `/mcp`. */
  readonly path?: string;
  /** Host names, without port, that a `Host` header may name. Default: the names of loopback, and `host`. */
  readonly allowedHosts?: readonly string[];
  /** Host names, without scheme and port, that an `Origin` header may name; a request without one passes. Default: the names of loopback. */
  readonly allowedOrigins?: readonly string[];
  /** Size of a request's body. Default 4 MiB. */
  readonly maxBodyBytes?: number;
  /** How long {@link HttpService.close} waits for answers to leave, in milliseconds. Default 2,000. */
  readonly closeGraceMs?: number;
}

/** An HTTP endpoint. */
export interface HttpService {
  /** The endpoint's full URL. */
  readonly url: string;
  /** Sessions open now: clients of protocol revisions before 2026-07-28. */
  readonly sessions: number;
  /** Aborts requests under way, ends sessions and streams, and stops listening, within the grace time. Idempotent. */
  close(): Promise<void>;
}

/**
 * Serves the tools over streamable HTTP on this machine, to clients of either protocol era; `GET /healthz` answers 200.
 * Rejects with `config_invalid` for a host that others can reach, or an address in use.
 */
export async function serveHttp(source: ToolSource, options: HttpOptions): Promise<HttpService> {
  const { host = "127.0.0.1", port = 0, path = "/mcp", maxBodyBytes = 4 * 1024 * 1024 } = options;
  if (!isLoopbackHost(host)) {
    const detail = `HTTP is served on this machine only until authentication is available, not on "${host}"; use 127.0.0.1, ::1 or localhost`;
    throw new OptimizerError("config_invalid", { detail });
  }
  const { log = () => {}, clock = systemClock } = options;
  const { maxSessions = 256, sessionIdleMs = 3_600_000 } = options;
  const tools = createToolList(source, clock);
  const tasks = createTaskTable(taskLimits(options), clock);
  const createServer = createServerFactory({ source, tools, tasks, clock, log }, options);
  const onerror = (cause: Error): void => log({ level: "debug", message: "An HTTP request failed.", cause });
  const modern = createMcpHandler(() => createServer({ era: "modern" }), { legacy: "reject", onerror });
  const sessions = createSessionTable(createServer, { maxSessions, sessionIdleMs }, clock, log);
  tools.onChanged(() => {
    modern.notify.toolsChanged();
    sessions.announceTools();
  });

  let closing = false;
  // Runs when the body is read, which may be after closing began.
  const fetch = async (request: Request): Promise<Response> =>
    closing
      ? jsonRpcError(503, -32_000, "The server is shutting down.")
      : await mcpFetch(request, modern, sessions);
  const serve = toNodeHandler({ fetch }, { maxRequestBodySize: maxBodyBytes, onerror });
  const { allowedHosts = [...localhostAllowedHostnames(), host] } = options;
  const hostAllowed = hostHeaderValidation([...allowedHosts]);
  const originAllowed = originValidation([...(options.allowedOrigins ?? localhostAllowedOrigins())]);

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (!hostAllowed(request, response) || !originAllowed(request, response)) return;
    const target = request.url?.split("?", 1)[0];
    if (target === "/healthz") plain(response, 200, { status: "ok" });
    else if (target !== path) plain(response, 404, { error: `Not found: MCP is served at ${path}.` });
    else void serve(request as NodeIncomingMessageLike, response);
  };
  const listener = await listen(host, port, onRequest).catch((error: unknown) => {
    tools.dispose();
    throw error;
  });

  return {
    url: `${listener.origin}${path}`,
    get sessions() {
      return sessions.size;
    },
    async close() {
      closing = true;
      tools.dispose();
      tasks.dispose();
      const closed = listener.close(options.closeGraceMs ?? 2_000);
      await Promise.allSettled([modern.close(), sessions.close()]);
      await closed;
    },
  };
}

function plain(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
