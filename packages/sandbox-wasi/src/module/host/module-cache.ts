import { webcrypto } from "node:crypto";

const MOST_MODULES = 16;
/** Of binaries; compiled, one takes about six times as much. */
const MOST_BYTES = 48 * 1024 * 1024;

interface Kept {
  readonly module: WebAssembly.Module;
  readonly bytes: number;
}

/** Compiled modules by the digest of their binary and the maximum of their memory; the least recently used go first. */
export class ModuleCache {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  /** The key of a module. */
  async key(binary: Uint8Array, memoryBytes: number): Promise<string> {
    const digest = await webcrypto.subtle.digest("SHA-256", binary);
    return `${Buffer.from(digest).toString("base64")} ${memoryBytes}`;
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  get(key: string): WebAssembly.Module | undefined {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
    }
    return kept?.module;
  }

  /** Keeps a module; `bytes` is the size of its binary. */
  set(key: string, module: WebAssembly.Module, bytes: number): void {
    if (this.#kept.has(key)) {
      return;
    }
    this.#kept.set(key, { module, bytes });
    this.#bytes += bytes;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#kept.size <= MOST_MODULES && this.#bytes <= MOST_BYTES) {
        break;
      }
      this.#kept.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}
