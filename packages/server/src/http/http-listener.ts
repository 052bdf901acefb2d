import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { OptimizerError } from "@mcp-optimizer/contracts";

/** A listening HTTP server. */
export interface HttpListener {
  /** The origin, such as `http://127.0.0.1:3000`. */
  readonly origin: string;
  /** Stops listening, lets answers under way leave for at most `graceMs`, then cuts every connection. Idempotent. */
  close(graceMs: number): Promise<void>;
}

/** Listens on a host and port. Rejects with `config_invalid` if they cannot be had. */
export async function listen(host: string, port: number, onRequest: RequestListener): Promise<HttpListener> {
  /** Connections with their answers under way. Node's own list takes a connection without a first request for busy. */
  const connections = new Map<Socket, number>();
  let closing: Promise<void> | undefined;

  const server = createServer({ headersTimeout: 20_000, requestTimeout: 60_000 }, (request, response) => {
    const { socket } = request;
    connections.set(socket, (connections.get(socket) ?? 0) + 1);
    response.once("close", () => {
      if (!connections.has(socket)) return;
      const left = connections.get(socket)! - 1;
      connections.set(socket, left);
      if (closing !== undefined && left === 0) socket.destroySoon();
    });
    onRequest(request, response);
  });
  server.on("connection", (socket) => {
    connections.set(socket, 0);
    socket.once("close", () => connections.delete(socket));
  });
  await listening(server, host, port);

  const { address, family, port: bound } = server.address() as AddressInfo;
  const end = async (graceMs: number): Promise<void> => {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const [socket, answers] of connections) if (answers === 0) socket.destroySoon();
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    await ended;
    clearTimeout(cut);
  };
  return {
    origin: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    close: (graceMs) => (closing ??= end(graceMs)),
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const detail = `cannot listen on ${host}:${port} (${cause.code ?? "unknown"}); choose another host or port`;
      reject(new OptimizerError("config_invalid", { detail, cause }));
    });
    server.listen(port, host, resolve);
  });
}
