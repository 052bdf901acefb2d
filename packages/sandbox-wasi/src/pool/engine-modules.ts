import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PAGE_BYTES, withMemoryMaximum } from "../vm/with-memory-maximum.ts";

const MOST_PAGES = 65_535;
const LEAST_PAGES = 64;

const require = createRequire(import.meta.url);

/** Path of the engine's binary. */
export function enginePath(): string {
  return require.resolve("quickjs-wasi/quickjs.wasm");
}

/** Version of the engine's package. */
export function engineVersion(): string {
  return (require("quickjs-wasi/package.json") as { version: string }).version;
}

/**
 * The engine's module with a memory maximum that fits a limit. Maxima are powers of two, so that a few modules serve
 * all limits: a module is slow until V8 has compiled it well. Inside, the engine holds the exact limit.
 */
export class EngineModules {
  readonly #bytes: Promise<Uint8Array>;
  readonly #modules = new Map<number, Promise<WebAssembly.Module>>();

  constructor(path: string = enginePath()) {
    this.#bytes = readFile(path);
    // Told by the first `get`.
    this.#bytes.catch(() => undefined);
  }

  get(memoryBytes: number): Promise<WebAssembly.Module> {
    const pages = Math.max(LEAST_PAGES, 2 ** Math.ceil(Math.log2(memoryBytes / PAGE_BYTES)));
    const maximum = Math.min(pages, MOST_PAGES);
    let module = this.#modules.get(maximum);
    if (module === undefined) {
      module = this.#bytes.then((bytes) => WebAssembly.compile(withMemoryMaximum(bytes, maximum)));
      this.#modules.set(maximum, module);
    }
    return module;
  }
}
