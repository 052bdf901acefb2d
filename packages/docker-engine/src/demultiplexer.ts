import { Transform, type TransformCallback } from "node:stream";

const HEADER_BYTES = 8;
const STDOUT = 1;
const STDERR = 2;

/**
 * Splits a container's multiplexed stream (a header of a type byte, three zero bytes and a big-endian length, then that many bytes).
 * What it gives out is stdout, with back pressure; stderr goes to the callback. Any other type of frame ends it.
 */
export class Demultiplexer extends Transform {
  readonly #onStderr: (chunk: Buffer) => void;
  #header: Buffer = Buffer.alloc(0);
  #type = 0;
  #left = 0;
  #broken = false;

  constructor(onStderr: (chunk: Buffer) => void) {
    super();
    this.#onStderr = onStderr;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = chunk;
    while (rest.length > 0 && !this.#broken) {
      if (this.#left === 0) {
        rest = this.#takeHeader(rest);
        if (this.#left > 0 && this.#type !== STDOUT && this.#type !== STDERR) {
          this.#broken = true;
          this.emit("broken");
        }
        continue;
      }
      const payload = rest.subarray(0, this.#left);
      this.#left -= payload.length;
      rest = rest.subarray(payload.length);
      if (this.#type === STDOUT) this.push(payload);
      else this.#onStderr(payload);
    }
    done();
  }

  /** Consumes bytes of a header, which may come in pieces. */
  #takeHeader(bytes: Buffer): Buffer {
    const wanted = HEADER_BYTES - this.#header.length;
    this.#header = Buffer.concat([this.#header, bytes.subarray(0, wanted)]);
    if (this.#header.length === HEADER_BYTES) {
      this.#type = this.#header.readUInt8(0);
      this.#left = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return bytes.subarray(wanted);
  }
}
