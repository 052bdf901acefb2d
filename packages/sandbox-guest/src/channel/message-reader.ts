import type { Readable } from "node:stream";
import { violation } from "../parse-frame.ts";

const NEWLINE = 10;
const END = "\n\n";

/** Reads what a guest writes: texts of one or more lines, each with a blank line after it. */
export class MessageReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);
  /** Where the next message begins in the chunk. */
  #at = 0;
  #begun: Buffer[] = [];
  #begunBytes = 0;
  /** The longest message that is taken, in bytes. */
  maxBytes: number;

  constructor(output: Readable, maxBytes: number) {
    this.#chunks = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.maxBytes = maxBytes;
  }

  /** Resolves with `undefined` at the end. Rejects with `sandbox_violation` when a message is too long. */
  async next(): Promise<string | undefined> {
    for (;;) {
      // One at a time: a chunk of nothing but ends of messages would keep the event loop.
      const message = this.#take();
      if (message !== undefined) {
        return message.toString("utf8");
      }
      const chunk = await this.#chunks.next().catch(() => undefined);
      if (chunk === undefined || chunk.done === true) {
        return undefined;
      }
      this.#chunk = chunk.value;
      this.#at = 0;
    }
  }

  #take(): Buffer | undefined {
    const chunk = this.#chunk;
    const from = this.#at;
    if (from >= chunk.length) {
      return undefined;
    }
    if (this.#begun.at(-1)?.at(-1) === NEWLINE && chunk[from] === NEWLINE) {
      this.#at = from + 1;
      return this.#finish(1);
    }
    const end = chunk.indexOf(END, from);
    this.#at = end < 0 ? chunk.length : end + END.length;
    this.#keep(chunk.subarray(from, end < 0 ? chunk.length : end));
    return end < 0 ? undefined : this.#finish(0);
  }

  #keep(part: Buffer): void {
    if (part.length > 0) {
      this.#begun.push(part);
      this.#begunBytes += part.length;
    }
    if (this.#begunBytes > this.maxBytes) {
      throw violation("the guest sent a message that is too long");
    }
  }

  #finish(withoutLast: number): Buffer {
    const all = this.#begun.length === 1 ? this.#begun[0]! : Buffer.concat(this.#begun);
    this.#begun = [];
    this.#begunBytes = 0;
    return all.subarray(0, all.length - withoutLast);
  }
}
