import { Buffer } from "node:buffer";

/** Keeps the end of a text that a guest wrote, in at most `limit` bytes. */
export class TextTail {
  readonly #limit: number;
  #kept: Buffer = Buffer.alloc(0);

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    const tail = chunk.length >= this.#limit ? chunk : Buffer.concat([this.#kept, chunk]);
    this.#kept = Buffer.from(tail.subarray(-this.#limit));
  }

  /** One line without control characters, since it goes to a log. */
  toString(): string {
    return this.#kept
      .toString("utf8")
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
      .trim();
  }
}
