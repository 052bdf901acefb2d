import { WasiError } from "../preview1/errno.ts";

/** Names in all directories of a tree at most. */
const MOST_ENTRIES = 10_000;

/** What a tree may still take: bytes of files and links, and names in directories. */
export class Quota {
  #bytes: number;
  #entries = MOST_ENTRIES;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#bytes;
  }

  /** Takes bytes, or gives them back when negative. Throws `noSpace` when not so many are left. */
  takeBytes(count: number): void {
    if (count > this.#bytes) {
      throw new WasiError("noSpace");
    }
    this.#bytes -= count;
  }

  takeEntry(): void {
    if (this.#entries === 0) {
      throw new WasiError("noSpace");
    }
    this.#entries--;
  }

  giveEntry(): void {
    this.#entries++;
  }
}
