import {
  SSEClientTransport,
  SseError,
  type ClientOptions,
  type ConnectOptions,
} from "@modelcontextprotocol/client";
import type { Clock } from "@mcp-optimizer/contracts";
import type { RemoteUpstream } from "../config/upstream-config.ts";
import { ConnectionFault } from "../provider/connection-fault.ts";
import type { Connection, Connector } from "../provider/connection.ts";
import { createClient, type ClientInfo } from "../provider/create-client.ts";
import type { FaithfulClient } from "../provider/faithful-client.ts";
import type { Redactor } from "../redactor.ts";
import { createBoundedFetch } from "./bounded-fetch.ts";
import { describeRemoteError, httpStatus, networkCode } from "./describe-remote-error.ts";
import { HttpTransport } from "./http-transport.ts";
import { headersOfCall, refusedHeaders } from "./param-headers.ts";

/** What connections to remote servers are made with. */
export interface RemoteConnectorOptions {
  readonly clientInfo: ClientInfo;
  readonly probeTimeoutMs: number;
  readonly maxMessageBytes: number;
  /** Milliseconds for a request of the handshake. */
  readonly timeoutMs: number;
  readonly closeGraceMs: number;
  readonly clock: Clock;
  readonly redact: Redactor;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

// oxlint-disable unicorn/prefer-add-event-listener -- a Client has properties, not events.

/** A way to connect, tried in order. */
type Attempt = "modern" | "initialize" | "sse";

/**
 * Connects over HTTP: `server/discover` first, then `initialize`, then, unless the configuration says HTTP, the old
 * SSE transport when the server refused the others with a 4xx status.
 */
export function createRemoteConnector(config: RemoteUpstream, options: RemoteConnectorOptions): Connector {
  return async (signal) => {
    const attempts: Attempt[] = config.transport === "sse" ? ["sse"] : ["modern", "initialize"];
    if (config.transport === "auto") attempts.push("sse");
    let last: unknown;
    for (const attempt of attempts) {
      if (attempt === "sse" && config.transport === "auto" && !mayBeSse(last)) break;
      try {
        return await connect(config, options, attempt, signal);
      } catch (error) {
        // What the newest transport said is worth more than the refusal of an old one that was only a guess.
        if (signal.aborted) throw signal.reason;
        if (last === undefined || attempt !== "sse") last = error;
        if (isFinal(error)) break;
      }
    }
    throw new ConnectionFault(describeRemoteError(last, options.redact), { cause: last });
  };
}

/** Whether another way to speak cannot help. */
function isFinal(error: unknown): boolean {
  const status = httpStatus(error);
  return status === 401 || status === 403 || networkCode(error) !== undefined;
}

function mayBeSse(error: unknown): boolean {
  const status = httpStatus(error);
  return status !== undefined && status >= 400 && status < 500;
}

async function connect(
  config: RemoteUpstream,
  options: RemoteConnectorOptions,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Connection> {
  signal.throwIfAborted();
  const link = createLink(config, options, attempt);
  const abort = (): void => void link.transport.close();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  aborted.catch(() => {});
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([link.client.connect(link.transport, link.connectOptions), aborted]);
    return link.watch();
  } catch (error) {
    await link.transport.close().catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A client and its transport, not yet connected. */
interface Link {
  readonly client: FaithfulClient;
  readonly transport: HttpTransport | SSEClientTransport;
  readonly connectOptions: ConnectOptions;
  /** Makes a connection of them, after the handshake. */
  watch(): Connection;
}

function createLink(config: RemoteUpstream, options: RemoteConnectorOptions, attempt: Attempt): Link {
  const { maxMessageBytes } = options;
  const negotiation: ClientOptions =
    attempt === "modern"
      ? { versionNegotiation: { mode: "auto", probe: { timeoutMs: options.probeTimeoutMs } } }
      : {};
  const client = createClient(options.clientInfo, negotiation);
  let fault: ConnectionFault | undefined;
  let closed = false;
  let ready = false;
  const listeners: ((fault: ConnectionFault) => void)[] = [];
  const lose = (reason: ConnectionFault): void => {
    if (closed || fault !== undefined) return;
    fault = reason;
    // Closing rejects what is pending; the fault says why.
    void transport.close().catch(() => {});
    if (ready) for (const listener of listeners) listener(reason);
  };
  const boundedFetch = createBoundedFetch({
    fetch: options.fetch ?? fetch,
    maxBytes: maxMessageBytes,
    onTooLong: () =>
      lose(
        new ConnectionFault(`sent a message of more than ${maxMessageBytes} bytes`, { code: "output_limit" }),
      ),
  });
  const settings = { requestInit: { headers: { ...config.headers } }, fetch: boundedFetch };
  const url = new URL(config.url);
  const transport =
    attempt === "sse" ? new SSEClientTransport(url, settings) : new HttpTransport(url, settings);
  client.onerror = (error) => {
    if (!ready) return;
    const gone = error instanceof SseError || networkCode(error) !== undefined;
    const forgotten =
      httpStatus(error) === 404 && "sessionId" in transport && transport.sessionId !== undefined;
    if (gone)
      lose(
        new ConnectionFault(`cannot be reached (${networkCode(error) ?? "its event stream ended"})`, {
          cause: error,
        }),
      );
    if (forgotten) lose(new ConnectionFault("has forgotten the session (HTTP 404)", { cause: error }));
  };
  const watch = (): Connection => {
    ready = true;
    const modernHttp = attempt !== "sse" && client.getProtocolEra() === "modern";
    return {
      client,
      get fault() {
        return fault;
      },
      onLost: (listener) => void listeners.push(listener),
      diagnosis: () => "",
      ...(modernHttp ? { refuseTool: refusedHeaders, callHeaders: headersOfCall } : {}),
      close: async () => {
        if (closed) return;
        closed = true;
        if (transport instanceof HttpTransport && fault === undefined) await endSession(transport, options);
        await transport.close();
      },
    };
  };
  const connectOptions: ConnectOptions = {
    timeout: options.timeoutMs,
    ...(attempt === "modern" ? {} : { prior: { kind: "legacy" } }),
  };
  return { client, transport, connectOptions, watch };
}

/** Tells the server that its session is over, and does not wait long for an answer. */
async function endSession(transport: HttpTransport, options: RemoteConnectorOptions): Promise<void> {
  let cancel = (): void => {};
  const enough = new Promise<void>((resolve) => {
    cancel = options.clock.schedule(options.closeGraceMs, resolve);
  });
  await Promise.race([transport.terminateSession().catch(() => {}), enough]);
  cancel();
}
