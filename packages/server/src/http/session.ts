import { toAuthInfo, type Caller } from "../auth/caller.ts";
import type { VerbatimServer } from "../protocol/verbatim-server.ts";
import type { Owner } from "../shared/owner.ts";
import { answeredId, cancellationTarget, messagesIn, requestIdOf, type MessageId } from "./client-message.ts";
import type { Opening } from "./session-opening.ts";
import { SessionTransport } from "./session-transport.ts";
import { shapeResponse } from "./shaped-response.ts";

/** The session of one client of an older protocol revision. */
export interface Session {
  /** Given with the answer to `initialize`; undefined if that was refused. */
  readonly id: string | undefined;
  readonly owner: Owner;
  /** Whether a request or a stream is open. */
  readonly busy: boolean;
  /** When the session was last used, in the clock's monotonic milliseconds. */
  readonly lastUsed: number;
  /** Ids of what its client was asked and has not answered. */
  readonly questions: readonly string[];
  /** Serves one HTTP request of its owner; `body` is its parsed JSON. */
  fetch(request: Request, body: unknown, caller: Caller): Promise<Response>;
  /** Takes an answer or a cancellation that its client sent to another process. */
  deliver(message: unknown): void;
  /** The client has said to another process that the handshake is over. */
  initialized(): void;
  /** Tells the client that the tools changed, once it is initialized. */
  announceTools(): Promise<void>;
  /** Aborts calls under way and ends all streams. Idempotent. */
  close(): Promise<void>;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly product: VerbatimServer;
  readonly owner: Owner;
  readonly createId: () => string;
  /** Unique for each session and process, and each time that it comes back. */
  readonly origin: string;
  readonly elapsed: () => number;
  /** Called once, when the session is over. */
  readonly onClose: () => void;
  /** The client began it elsewhere, with this. */
  readonly opening?: Opening;
}

/** Opens a session around a server of its own. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { product, owner, createId, origin, elapsed, onClose, opening } = options;
  const transport = new SessionTransport(createId, origin);
  const { wireIds } = transport;
  const requests = new Map<MessageId, "open" | "cancelled">();
  let open = 0;
  let lastUsed = elapsed();
  let initialized = false;
  product.server.oninitialized = () => (initialized = true);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- not an event target
  product.server.onclose = onClose;
  await product.connect(transport);
  if (opening !== undefined) {
    await replay(transport, opening).catch(async (error: unknown) => {
      await product.close();
      throw error;
    });
    initialized = true;
  }

  const cancelStream = (message: unknown): void => {
    const target = cancellationTarget(message);
    if (target === undefined || !requests.has(target)) return;
    requests.set(target, "cancelled");
    // The protocol gives a cancelled request no answer, which would leave its stream open.
    transport.closeSSEStream(target);
  };

  return {
    get id() {
      return transport.sessionId;
    },
    owner,
    get busy() {
      return open > 0;
    },
    get lastUsed() {
      return lastUsed;
    },
    get questions() {
      return wireIds.pending;
    },
    async fetch(request, body, caller) {
      const messages = messagesIn(body).map((message) => wireIds.in(message));
      const known = messages.filter((message) => message !== undefined);
      if (known.length === 0 && messages.length > 0) return new Response(null, { status: 202 });
      const requestId = requestIdOf(body);
      let ended = false;
      const onEnd = (): void => {
        if (ended) return;
        ended = true;
        if (requestId !== undefined) requests.delete(requestId);
        open -= 1;
        lastUsed = elapsed();
      };
      open += 1;
      if (requestId !== undefined) requests.set(requestId, "open");
      const parsedBody = Array.isArray(body) ? known : known[0];
      const cancelled = (): boolean => requestId !== undefined && requests.get(requestId) === "cancelled";
      try {
        const response = await transport.handleRequest(request, { parsedBody, authInfo: toAuthInfo(caller) });
        if (response.ok) cancelStream(body);
        return await shapeResponse(response, { requestId, signal: request.signal, cancelled, onEnd });
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    deliver(message) {
      // A request would be nobody's: who made it is known to HTTP alone.
      if (answeredId(message) === undefined && cancellationTarget(message) === undefined) return;
      const known = wireIds.in(message);
      if (known === undefined) return;
      transport.onmessage?.(known as Parameters<NonNullable<typeof transport.onmessage>>[0]);
      cancelStream(message);
    },
    initialized() {
      initialized = true;
    },
    async announceTools() {
      if (initialized) await product.server.sendToolListChanged();
    },
    async close() {
      await product.close();
    },
  };
}

/** Makes a new server as the one was that the client shook hands with. */
async function replay(transport: SessionTransport, opening: Opening): Promise<void> {
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  const request = new Request("http://session.invalid/", { method: "POST", headers });
  const parsedBody = { jsonrpc: "2.0", id: "restored", method: "initialize", params: opening };
  const response = await transport.handleRequest(request, { parsedBody });
  // The answer is its client's already; the server is ready when it is written.
  const words = await response.text();
  if (!response.ok) throw new Error(`A session could not be restored: ${words}`);
}
