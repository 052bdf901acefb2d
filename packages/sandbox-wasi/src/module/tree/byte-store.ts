import { WasiError } from "../preview1/errno.ts";

const LEAST_CAPACITY = 256;

/** Bytes that grow at their end. Takes at most twice their length of memory. */
export class ByteStore {
  #bytes: Uint8Array<ArrayBuffer>;
  #length: number;

  /** Owns the bytes that it is given. */
  constructor(bytes: Uint8Array<ArrayBuffer> = new Uint8Array()) {
    this.#bytes = bytes;
    this.#length = bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  /** A view of a range, cut at the end. Valid until the next change. */
  view(start: number, length: number): Uint8Array<ArrayBuffer> {
    const from = Math.min(start, this.#length);
    return this.#bytes.subarray(from, Math.min(from + length, this.#length));
  }

  /** Writes at an offset; a gap before it is filled with zeros. */
  write(offset: number, data: Uint8Array): void {
    const end = offset + data.length;
    if (end > this.#length) {
      this.resize(end);
    }
    this.#bytes.set(data, offset);
  }

  /** Cuts, or fills with zeros up to a length. */
  resize(length: number): void {
    if (length > this.#bytes.length) {
      this.#move(Math.max(length, LEAST_CAPACITY, Math.min(this.#bytes.length * 2, length * 2)));
    } else if (length < this.#length) {
      this.#bytes.fill(0, length, this.#length);
      if (length * 4 < this.#bytes.length) {
        this.#length = length;
        this.#move(length);
      }
    }
    this.#length = length;
  }

  /** The bytes alone, in a buffer of their own that may be transferred. The store is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const whole = this.#length === this.#bytes.buffer.byteLength;
    const bytes = whole ? this.#bytes : this.#bytes.slice(0, this.#length);
    this.#bytes = new Uint8Array();
    this.#length = 0;
    return bytes;
  }

  #move(capacity: number): void {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(capacity);
    } catch {
      throw new WasiError("noMemory");
    }
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
