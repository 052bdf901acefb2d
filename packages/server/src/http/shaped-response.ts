import { jsonRpcError } from "./json-rpc-error.ts";

const SHUTTING_DOWN = "The connection was closed before the answer was ready.";

/** What is known of the exchange that a response belongs to. */
export interface Exchange {
  /** The id of the one request in the body; undefined for a stream of its own, a batch or a notification. */
  readonly requestId?: string | number | undefined;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  /** Whether the client cancelled the request, so that it gets no answer. */
  readonly cancelled: () => boolean;
  /** Called once, when nothing more will be written. */
  readonly onEnd: () => void;
}

/**
 * Turns the event stream that the SDK always gives into plain JSON where the answer comes first, and lets go of
 * the stream as soon as the client is gone. A stream that ends without its answer gets an error for an answer.
 */
export async function shapeResponse(response: Response, exchange: Exchange): Promise<Response> {
  const { requestId, signal } = exchange;
  if (response.body === null || response.headers.get("content-type") !== "text/event-stream") {
    exchange.onEnd();
    return response;
  }
  const reader = response.body.getReader();
  const release = (): void => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", release, { once: true });
  if (signal.aborted) release();
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    signal.removeEventListener("abort", release);
    exchange.onEnd();
  };

  // Node sends the headers with the first bytes, and a client may wait for them before it goes on.
  if (requestId === undefined) return streamed(response, reader, encode(": open\n\n"), end, () => undefined);

  const first = await reader.read();
  if (first.done) {
    const words = exchange.cancelled()
      ? new Response(null, { status: 202 })
      : jsonRpcError(503, -32_603, SHUTTING_DOWN, requestId);
    end();
    return words;
  }
  const answer = answerIn(first.value);
  if (answer === undefined) {
    return streamed(response, reader, first.value, end, (last) => {
      if (exchange.cancelled() || answerIn(last) !== undefined) return undefined;
      const error = { code: -32_603, message: SHUTTING_DOWN };
      return encode(`event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", id: requestId, error })}\n\n`);
    });
  }
  release();
  end();
  const headers = new Headers({ "content-type": "application/json" });
  const session = response.headers.get("mcp-session-id");
  if (session !== null) headers.set("mcp-session-id", session);
  return new Response(answer, { status: 200, headers });
}

type Chunks = ReadableStreamDefaultReader<Uint8Array>;

function streamed(
  { status, headers }: Response,
  reader: Chunks,
  first: Uint8Array,
  end: () => void,
  farewell: (last: Uint8Array) => Uint8Array | undefined,
): Response {
  let last = first;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(first);
    },
    async pull(controller) {
      const next = await reader.read();
      if (!next.done) {
        last = next.value;
        controller.enqueue(next.value);
        return;
      }
      const words = farewell(last);
      if (words !== undefined) controller.enqueue(words);
      controller.close();
      end();
    },
    async cancel() {
      end();
      await reader.cancel();
    },
  });
  return new Response(body, { status, headers });
}

/** The JSON text of the answer that a chunk holds; the SDK writes one whole event to a chunk. */
function answerIn(chunk: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(chunk);
  const start = text.indexOf("data: ");
  if (start < 0) return undefined;
  const json = text.slice(start + "data: ".length).trimEnd();
  const message: unknown = JSON.parse(json);
  const answers = typeof message === "object" && message !== null && !("method" in message);
  return answers ? json : undefined;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
