import { WebStandardStreamableHTTPServerTransport as Transport } from "@modelcontextprotocol/server";
import type { VerbatimServer } from "../protocol/verbatim-server.ts";
import { shapeResponse } from "./shaped-response.ts";

/** The session of one client of an older protocol revision. */
export interface Session {
  /** Given with the answer to `initialize`; undefined if that was refused. */
  readonly id: string | undefined;
  /** Whether a request or a stream is open. */
  readonly busy: boolean;
  /** When the session was last used, in the clock's monotonic milliseconds. */
  readonly lastUsed: number;
  /** Serves one HTTP request; `body` is its parsed JSON. */
  fetch(request: Request, body: unknown): Promise<Response>;
  /** Tells the client that the tools changed, once it is initialized. */
  announceTools(): Promise<void>;
  /** Aborts calls under way and ends all streams. Idempotent. */
  close(): Promise<void>;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly product: VerbatimServer;
  readonly createId: () => string;
  readonly elapsed: () => number;
  /** Called once, when the session is over. */
  readonly onClose: () => void;
}

/** Opens a session around a server of its own. */
export async function openSession({ product, createId, elapsed, onClose }: SessionOptions): Promise<Session> {
  const transport = new Transport({ sessionIdGenerator: createId });
  const requests = new Map<string | number, "open" | "cancelled">();
  let open = 0;
  let lastUsed = elapsed();
  let initialized = false;
  product.server.oninitialized = () => (initialized = true);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- not an event target
  product.server.onclose = onClose;
  await product.connect(transport);

  return {
    get id() {
      return transport.sessionId;
    },
    get busy() {
      return open > 0;
    },
    get lastUsed() {
      return lastUsed;
    },
    async fetch(request, body) {
      const requestId = field(body, "method") === undefined ? undefined : idOf(field(body, "id"));
      const onEnd = (): void => {
        if (requestId !== undefined) requests.delete(requestId);
        open -= 1;
        lastUsed = elapsed();
      };
      open += 1;
      if (requestId !== undefined) requests.set(requestId, "open");
      const response = await transport.handleRequest(request, { parsedBody: body });
      const target = cancellationTarget(body);
      if (target !== undefined && response.ok && requests.has(target)) {
        requests.set(target, "cancelled");
        // The protocol gives a cancelled request no answer, which would leave its stream open.
        transport.closeSSEStream(target);
      }
      const cancelled = (): boolean => requestId !== undefined && requests.get(requestId) === "cancelled";
      return await shapeResponse(response, { requestId, signal: request.signal, cancelled, onEnd });
    },
    async announceTools() {
      if (initialized) await product.server.sendToolListChanged();
    },
    async close() {
      await product.close();
    },
  };
}

function cancellationTarget(body: unknown): string | number | undefined {
  if (field(body, "method") !== "notifications/cancelled") return undefined;
  return idOf(field(field(body, "params"), "requestId"));
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function idOf(value: unknown): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}
