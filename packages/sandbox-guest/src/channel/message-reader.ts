import type { Readable } from "node:stream";
import { violation } from "../parse-frame.ts";

const NEWLINE = 10;
const END = "\n\n";

/** Reads what a guest writes: texts of one or more lines, each with a blank line after it. */
export class MessageReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #whole: Buffer[] = [];
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
      const message = this.#whole.shift();
      if (message !== undefined) {
        return message.toString("utf8");
      }
      const chunk = await this.#chunks.next().catch(() => undefined);
      if (chunk === undefined || chunk.done === true) {
        return undefined;
      }
      this.#add(chunk.value);
    }
  }

  #add(chunk: Buffer): void {
    let from = 0;
    const before = this.#begun.at(-1)?.at(-1);
    if (before === NEWLINE && chunk[0] === NEWLINE) {
      this.#finish(1);
      from = 1;
    }
    for (let end = chunk.indexOf(END, from); end >= 0; end = chunk.indexOf(END, from)) {
      this.#keep(chunk.subarray(from, end));
      this.#finish(0);
      from = end + END.length;
    }
    this.#keep(chunk.subarray(from));
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

  #finish(withoutLast: number): void {
    const all = this.#begun.length === 1 ? this.#begun[0]! : Buffer.concat(this.#begun);
    this.#whole.push(all.subarray(0, all.length - withoutLast));
    this.#begun = [];
    this.#begunBytes = 0;
  }
}
