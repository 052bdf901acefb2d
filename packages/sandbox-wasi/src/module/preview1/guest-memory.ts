import { WasiError } from "./errno.ts";

const MOST_BUFFERS = 1_024;
const MOST_TEXT_BYTES = 4_096;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The module's memory as its calls see it. An address outside of it is the error `fault`. */
export class GuestMemory {
  #memory: WebAssembly.Memory | undefined;
  #view = new DataView(new ArrayBuffer(0));

  /** Before this, while the module's start function runs, no address is valid. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  /** Bytes that it has. */
  get length(): number {
    return this.#memory?.buffer.byteLength ?? 0;
  }

  /** A view of a range, valid until the module runs on. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    const buffer = this.#at(address, length).buffer;
    return new Uint8Array(buffer, address, length);
  }

  /** A path, or a link's target. */
  text(address: number, length: number): string {
    if (length > MOST_TEXT_BYTES) {
      throw new WasiError("nameTooLong");
    }
    const bytes = this.bytes(address, length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new WasiError("illegalSequence");
    }
  }

  u16(address: number): number {
    return this.#at(address, 2).getUint16(address, true);
  }

  u32(address: number): number {
    return this.#at(address, 4).getUint32(address, true);
  }

  u64(address: number): bigint {
    return this.#at(address, 8).getBigUint64(address, true);
  }

  setU8(address: number, value: number): void {
    this.#at(address, 1).setUint8(address, value);
  }

  setU16(address: number, value: number): void {
    this.#at(address, 2).setUint16(address, value, true);
  }

  setU32(address: number, value: number): void {
    this.#at(address, 4).setUint32(address, value, true);
  }

  setU64(address: number, value: bigint): void {
    this.#at(address, 8).setBigUint64(address, value, true);
  }

  /** A list of buffers for one read or write. */
  buffers(address: number, count: number): Uint8Array<ArrayBuffer>[] {
    if (count > MOST_BUFFERS) {
      throw new WasiError("invalid");
    }
    const buffers: Uint8Array<ArrayBuffer>[] = [];
    for (let at = address; at < address + count * 8; at += 8) {
      buffers.push(this.bytes(this.u32(at), this.u32(at + 4)));
    }
    return buffers;
  }

  #at(address: number, length: number): DataView<ArrayBuffer> {
    const buffer = this.#memory?.buffer;
    if (buffer === undefined || address + length > buffer.byteLength) {
      throw new WasiError("fault");
    }
    if (this.#view.buffer !== buffer) {
      this.#view = new DataView(buffer);
    }
    return this.#view;
  }
}
