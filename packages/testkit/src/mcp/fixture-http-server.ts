import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@mcp-optimizer/contracts";
import { createFixtureSession, type FixtureEra, type FixtureSession } from "./fixture-session.ts";
import type { FixtureToolbox } from "./fixture-toolbox.ts";
import { createStandardToolbox } from "./standard-fixture-tools.ts";

/** Options of the fixture's HTTP server. */
export interface FixtureHttpOptions {
  /** Default `dual`. */
  readonly era?: FixtureEra;
  /** Default: the standard toolbox. */
  readonly toolbox?: FixtureToolbox;
  /** Serve the old SSE transport only: a POST to its address is 405. */
  readonly sseOnly?: boolean;
  /** Refuse requests without this value of the `Authorization` header. */
  readonly authorization?: string;
  /** The TCP port. Default: a free one. */
  readonly port?: number;
}

/** A running HTTP fixture on the loopback address. */
export interface FixtureHttpServer {
  /** The address of the endpoint; for `sseOnly` that of the event stream. */
  readonly url: string;
  readonly port: number;
  /** Drops all connections and ends the server. Idempotent. */
  close(): Promise<void>;
}

const MODERN_KEY = "io.modelcontextprotocol/protocolVersion";

/** Serves the fixture over streamable HTTP (both eras), or over the old HTTP+SSE transport. */
export async function startFixtureHttpServer(options: FixtureHttpOptions = {}): Promise<FixtureHttpServer> {
  const toolbox = options.toolbox ?? createStandardToolbox();
  const sessions = new Map<string, FixtureSession>();
  const streams = new Map<string, ServerResponse>();

  const writeEvent = (response: ServerResponse | undefined, message: JsonObject): void => {
    response?.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
  };
  const openStream = (response: ServerResponse, headers: Record<string, string> = {}): void => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", ...headers });
    response.flushHeaders();
  };
  const openSession = (id: string): FixtureSession => {
    const send = (message: JsonObject): void => writeEvent(streams.get(id), message);
    const session = createFixtureSession({ toolbox, era: options.era, send });
    sessions.set(id, session);
    return session;
  };
  const refuse = (response: ServerResponse, status: number, message: string): void => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32000, message } }));
  };

  const post = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const message = await readJson(request);
    const params = (message["params"] ?? {}) as JsonObject;
    const modern = (params["_meta"] as JsonObject | undefined)?.[MODERN_KEY] !== undefined;
    let id = request.headers["mcp-session-id"] as string | undefined;
    if (modern && options.era === "legacy") return refuse(response, 400, "Bad Request: no session");
    if (message["method"] === "initialize" || modern) id = randomUUID();
    const session = modern || !sessions.has(id ?? "") ? undefined : sessions.get(id!);
    if (session === undefined && !modern && message["method"] !== "initialize") {
      return refuse(response, 404, "Session not found");
    }
    const target = session ?? openSession(id!);
    if (message["id"] === undefined) {
      await target.handle(message);
      response.writeHead(202).end();
      return;
    }
    if (modern) {
      response.on("close", () => (target.close(), sessions.delete(id!)));
    }
    openStream(response, modern ? {} : { "mcp-session-id": id! });
    await target.handle(message, (reply) => writeEvent(response, reply));
    response.end();
  };

  const get = (request: IncomingMessage, response: ServerResponse): void => {
    const id = request.headers["mcp-session-id"] as string | undefined;
    if (id === undefined || !sessions.has(id)) return refuse(response, 405, "Method not allowed");
    streams.set(id, response);
    openStream(response);
  };

  const openSse = (response: ServerResponse): void => {
    const id = randomUUID();
    streams.set(id, response);
    const session = openSession(id);
    response.on("close", () => (session.close(), sessions.delete(id)));
    openStream(response);
    response.write(`event: endpoint\ndata: /messages?id=${id}\n\n`);
  };

  const postSse = async (id: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const message = await readJson(request);
    const session = sessions.get(id);
    if (session === undefined) return refuse(response, 404, "Session not found");
    response.writeHead(202).end("Accepted");
    await session.handle(message);
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (options.authorization !== undefined && request.headers.authorization !== options.authorization) {
      return refuse(response, 401, "Unauthorized");
    }
    if (options.sseOnly === true) {
      if (url.pathname === "/sse" && request.method === "GET") return openSse(response);
      if (url.pathname === "/messages") return postSse(url.searchParams.get("id") ?? "", request, response);
      return refuse(response, 405, "Method not allowed");
    }
    if (url.pathname !== "/mcp") return refuse(response, 404, "Not found");
    if (request.method === "POST") return post(request, response);
    if (request.method === "GET") return get(request, response);
    sessions.delete(request.headers["mcp-session-id"] as string);
    response.writeHead(200).end();
  };

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => refuse(response, 500, String(error)));
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}/${options.sseOnly === true ? "sse" : "mcp"}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

async function readJson(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as JsonObject;
}
