import type { IncomingMessage, ServerResponse } from "node:http";
import type { NodeIncomingMessageLike } from "@modelcontextprotocol/node";
import {
  createMcpHandler,
  type McpHandlerRequestOptions,
  localhostAllowedOrigins,
} from "@modelcontextprotocol/server";
import { callerIn } from "./auth/caller.ts";
import { httpAccess } from "./auth/http-access.ts";
import { createHttpGuard, type HttpAuth } from "./auth/http-auth.ts";
import { asksForStream, untilExpiry } from "./auth/until-expiry.ts";
import { createHealth, namesAddress, plain, type ReadyCheck } from "./http/health.ts";
import { listen } from "./http/http-listener.ts";
import { jsonRpcError } from "./http/json-rpc-error.ts";
import { mcpFetch } from "./http/mcp-fetch.ts";
import { createRequestGate, type Place } from "./http/request-gate.ts";
import { createSessionTable, type SessionLimits } from "./http/session-table.ts";
import { shareOf } from "./http/shares.ts";
import { createServerFactory } from "./protocol/server-factory.ts";
import type { ServiceOptions } from "./service-options.ts";
import type { SharedState } from "./shared/shared-state.ts";
import { systemClock } from "./system-clock.ts";
import { createLocalTaskDesk } from "./tasks/local-task-desk.ts";
import { createSharedTaskDesk } from "./tasks/shared-task-desk.ts";
import { taskLimits } from "./tasks/task-limits.ts";
import { createTaskTable } from "./tasks/task-table.ts";
import { createToolList } from "./tool-list.ts";
import type { ToolSource } from "./tool-source.ts";

/** On which clients since 2026-07-28 listen. */
const MAX_STREAMS = 1_024;

/** Options of {@link serveHttp}. With {@link HttpOptions.auth}, half of each `max…` is the most that one principal may have. */
export interface HttpOptions extends ServiceOptions, Partial<SessionLimits> {
  /** An address of this machine. Without {@link HttpOptions.auth} only one that nobody else can reach. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Where MCP is served. Default `/mcp`. */
  readonly path?: string;
  /** Who may use it. Default: whoever is on this machine, as its one user. */
  readonly auth?: HttpAuth;
  /**
   * Host names, without port, that a `Host` header may name. Default: that of `auth.publicUrl`, and on loopback the names of that, and `host`.
   */
  readonly allowedHosts?: readonly string[];
  /** Host names, without scheme and port, that an `Origin` header may name; a request without one passes. Default: the names of loopback. */
  readonly allowedOrigins?: readonly string[];
  /** Size of a request's body. Default 4 MiB. */
  readonly maxBodyBytes?: number;
  /** POST requests under way, those not counted that only listen; a further one is answered with 429. Default 1,024. */
  readonly maxRequests?: number;
  /** What other processes share that serve the same clients. Default: nothing, and clients stay with this one. */
  readonly shared?: SharedState;
  /** What `GET /readyz` asks, beside {@link HttpOptions.shared}: why requests had better go to another process. Default: nothing. */
  readonly ready?: ReadyCheck;
  /** How long {@link HttpService.close} goes on serving while `/readyz` says 503, in milliseconds. Default 0. */
  readonly drainMs?: number;
  /** How long it waits for answers to leave after that, in milliseconds. Default 2,000. */
  readonly closeGraceMs?: number;
}

/** An HTTP endpoint. */
export interface HttpService {
  /** The endpoint's full URL. */
  readonly url: string;
  /** Sessions that this process holds now: clients of protocol revisions before 2026-07-28. */
  readonly sessions: number;
  /**
   * Aborts requests under way, ends streams, and sessions that are not shared, and stops listening, within the grace time after the drain time.
   * Idempotent.
   */
  close(): Promise<void>;
}

/**
 * Serves the tools over streamable HTTP, to clients of either protocol era; `GET /healthz` and `GET /readyz` answer anybody.
 * Rejects with `config_invalid` for a host that others can reach without authentication, or an address in use.
 */
export async function serveHttp(source: ToolSource, options: HttpOptions): Promise<HttpService> {
  const { host = "127.0.0.1", port = 0, path = "/mcp", maxBodyBytes = 4 * 1024 * 1024 } = options;
  const { auth } = options;
  const access = httpAccess(host, auth, options.allowedHosts);
  // Whoever serves over stdio alone does without.
  const { hostHeaderValidation, originValidation, toNodeHandler } =
    await import("@modelcontextprotocol/node");
  const { log = () => {}, clock = systemClock } = options;
  const { maxSessions = 256, sessionIdleMs = 3_600_000, maxRequests = 1_024 } = options;
  const ofOne = (most: number): number => shareOf(most, auth !== undefined);
  const tools = createToolList(source, clock);
  const { shared } = options;
  const kept = taskLimits(options);
  const limits = { ...kept, maxTasksOfOne: ofOne(kept.maxTasks) };
  const tasks =
    shared === undefined
      ? createLocalTaskDesk(createTaskTable(limits, clock))
      : createSharedTaskDesk({ ...shared, limits, clock, log });
  const createServer = createServerFactory({ source, tools, tasks, clock, log }, options);
  const onerror = (cause: Error): void => log({ level: "debug", message: "An HTTP request failed.", cause });
  const modern = createMcpHandler(
    ({ authInfo }) => createServer({ era: "modern", viewer: callerIn(authInfo) }),
    // The gate counts them, each with its owner.
    { legacy: "reject", onerror, maxSubscriptions: Infinity },
  );
  const sessions = createSessionTable({
    createServer,
    maxSessions,
    maxSessionsOfOne: ofOne(maxSessions),
    sessionIdleMs,
    clock,
    log,
    shared,
  });
  tools.onChanged(() => {
    modern.notify.toolsChanged();
    sessions.announceTools();
  });

  let closing = false;
  // Runs when the body is read, which may be after closing began.
  const fetch = async (
    place: Place,
    request: Request,
    { authInfo }: McpHandlerRequestOptions = {},
  ): Promise<Response> => {
    if (closing) return jsonRpcError(503, -32_000, "The server is shutting down.");
    const caller = callerIn(authInfo);
    const response = await mcpFetch(request, modern, sessions, caller, place);
    return asksForStream(request) ? untilExpiry(response, caller, clock) : response;
  };
  const hostAllowed = hostHeaderValidation([...access.hosts]);
  const originAllowed = originValidation([...(options.allowedOrigins ?? localhostAllowedOrigins())]);

  const resource = (): URL => access.publicUrl ?? new URL(`${listener.origin}${path}`);
  const guard = auth && createHttpGuard(auth, { resource, path, name: options.name, log });

  const admitted = async (
    request: IncomingMessage,
    response: ServerResponse,
    place: Place,
  ): Promise<void> => {
    const authInfo = await guard?.admit(request, response);
    if (guard !== undefined && authInfo === undefined) return;
    if (!place.belongsTo(callerIn(authInfo))) return;
    const handler = { fetch: fetch.bind(undefined, place) };
    const serve = toNodeHandler(handler, { maxRequestBodySize: maxBodyBytes, onerror });
    await serve(Object.assign(request, authInfo && { auth: authInfo }) as NodeIncomingMessageLike, response);
  };
  const failed = (response: ServerResponse, cause: unknown): void => {
    log({ level: "error", message: "A request could not be served.", cause });
    response.destroy();
  };
  const gate = createRequestGate({
    mostRequests: maxRequests,
    mostRequestsOfOne: ofOne(maxRequests),
    mostStreams: MAX_STREAMS,
    mostStreamsOfOne: ofOne(MAX_STREAMS),
  });
  const health = createHealth(readyChecks(options), clock);
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const target = request.url?.split("?", 1)[0];
    // Probes of a cluster name the address, which nobody knows beforehand.
    const isProbe = health.isProbe(target) && (access.isPublic || namesAddress(request));
    if (!isProbe && !hostAllowed(request, response)) return;
    if (guard?.answers(request, response) === true || !originAllowed(request, response)) return;
    if (health.answer(target, response)) return;
    if (target !== path) return plain(response, 404, { error: `Not found: MCP is served at ${path}.` });
    const place = gate.admit(request, response);
    if (place !== undefined) {
      admitted(request, response, place).catch((cause: unknown) => failed(response, cause));
    }
  };
  const listener = await listen(host, port, onRequest).catch(async (error: unknown) => {
    tools.dispose();
    await Promise.allSettled([tasks.dispose(), sessions.close()]);
    throw error;
  });
  const close = async (): Promise<void> => {
    health.drain();
    const { drainMs = 0, closeGraceMs = 2_000 } = options;
    if (drainMs > 0) await new Promise<void>((resolve) => clock.schedule(drainMs, resolve));
    closing = true;
    tools.dispose();
    const ended = listener.close(closeGraceMs);
    await Promise.allSettled([tasks.dispose(), modern.close(), sessions.close()]);
    await ended;
  };
  let closed: Promise<void> | undefined;

  return {
    url: `${listener.origin}${path}`,
    get sessions() {
      return sessions.size;
    },
    close: () => (closed ??= close()),
  };
}

function readyChecks({ shared, ready }: HttpOptions): readonly ReadyCheck[] {
  const stores = shared === undefined ? [] : [shared.sessions, shared.tasks];
  const answers = stores.map((store) => async () => {
    await store.get("mcp-optimizer/probes", "readyz");
    return [];
  });
  return ready === undefined ? answers : [...answers, ready];
}
