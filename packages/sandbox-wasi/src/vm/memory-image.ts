/** Bytes that are compared and copied as one. */
const BLOCK = 4_096;

interface Span {
  readonly start: number;
  readonly end: number;
  /** What is written; undefined for zeros, which are faster to fill than to copy. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * A picture of a guest's memory between two programs. Linear memory and the stack pointer are the guest's whole state
 * (a test proves it from the binary), so that writing the picture back gives a fresh realm.
 */
export class MemoryImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly stackPointer: number;
  readonly #spans: readonly Span[];

  constructor(bytes: Uint8Array<ArrayBuffer>, stackPointer: number) {
    this.bytes = bytes;
    this.stackPointer = stackPointer;
    this.#spans = spansOf(this.bytes);
  }

  /** Takes the picture. `stackPointer` is the top of an empty stack; everything under it is stack and counts as zero. */
  static of(memory: WebAssembly.Memory, stackPointer: number): MemoryImage {
    const bytes = new Uint8Array(memory.buffer).slice();
    bytes.fill(0, 0, stackPointer);
    return new MemoryImage(bytes, stackPointer);
  }

  /** The parts that are not zero. */
  get written(): { readonly start: number; readonly bytes: Uint8Array }[] {
    return this.#spans.flatMap(({ start, bytes }) => (bytes === undefined ? [] : [{ start, bytes }]));
  }

  /** Whether a memory has the size of the image. A memory that grew cannot be reset: it never shrinks. */
  fits(memory: WebAssembly.Memory): boolean {
    return memory.buffer.byteLength === this.bytes.byteLength;
  }

  /** Writes the image back. */
  restore(memory: WebAssembly.Memory, stackPointer: WebAssembly.Global): void {
    const target = new Uint8Array(memory.buffer);
    for (const { start, end, bytes } of this.#spans) {
      if (bytes === undefined) {
        target.fill(0, start, end);
      } else {
        target.set(bytes, start);
      }
    }
    stackPointer.value = this.stackPointer;
  }

  /** Whether a memory is byte for byte the image. */
  equals(memory: WebAssembly.Memory): boolean {
    return this.fits(memory) && Buffer.compare(this.bytes, new Uint8Array(memory.buffer)) === 0;
  }
}

function spansOf(bytes: Uint8Array): Span[] {
  const empty = new Uint8Array(BLOCK);
  const edges: { start: number; end: number; zero: boolean }[] = [];
  for (let start = 0; start < bytes.length; start += BLOCK) {
    const end = start + BLOCK;
    const zero = Buffer.compare(bytes.subarray(start, end), empty) === 0;
    const last = edges.at(-1);
    if (last?.zero === zero) {
      last.end = end;
    } else {
      edges.push({ start, end, zero });
    }
  }
  return edges.map(({ start, end, zero }) => ({
    start,
    end,
    bytes: zero ? undefined : bytes.subarray(start, end),
  }));
}
