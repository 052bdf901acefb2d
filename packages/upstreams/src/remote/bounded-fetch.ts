/** A `fetch` whose answers cannot exceed a size. */
export interface BoundedFetchOptions {
  readonly fetch: typeof fetch;
  /** Bytes of a body; in an event stream, bytes between two blank lines. */
  readonly maxBytes: number;
  /** Called when an answer is over it; its body then fails. */
  readonly onTooLong: () => void;
}

/** Wraps `fetch` so that no message costs more memory than allowed. */
export function createBoundedFetch(options: BoundedFetchOptions): typeof fetch {
  return async (input, init) => {
    const response = await options.fetch(input, init);
    if (response.body === null || response.status !== 200) return response;
    const stream = response.headers.get("content-type")?.includes("text/event-stream") === true;
    let seen = 0;
    const bound = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const rest = stream ? bytesAfterBlankLine(chunk) : undefined;
        seen = rest ?? seen + chunk.length;
        if (seen > options.maxBytes) {
          options.onTooLong();
          controller.error(new RangeError(`an answer is over ${options.maxBytes} bytes`));
        } else {
          controller.enqueue(chunk);
        }
      },
    });
    return new Response(response.body.pipeThrough(bound), response);
  };
}

/** Bytes after the last blank line of a chunk; undefined when it has none. */
function bytesAfterBlankLine(chunk: Uint8Array): number | undefined {
  const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  const end = Math.max(buffer.lastIndexOf("\n\n"), buffer.lastIndexOf("\r\n\r\n"));
  return end === -1 ? undefined : buffer.length - end;
}
