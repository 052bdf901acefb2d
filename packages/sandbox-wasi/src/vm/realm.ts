import { randomFillSync } from "node:crypto";
import { Engine } from "./engine.ts";
import type { EngineHooks } from "./engine-imports.ts";
import type { MemoryImage } from "./memory-image.ts";
import { PAGE_BYTES } from "./with-memory-maximum.ts";
import type { HarnessFunctions, RealmTemplate } from "./realm-template.ts";

/** Memory that is not the guest's heap: the stack and the module's own data. */
const FIXED_BYTES = 1_280 * 1024;

/** One guest: an instance that is a fresh realm after every reset. */
export class Realm {
  readonly #template: RealmTemplate;
  readonly #hooks: Omit<EngineHooks, "memory">;
  #module: WebAssembly.Module;
  #engine: Engine;
  /** Instances made, for the tests and the log. */
  instances = 0;

  constructor(template: RealmTemplate, module: WebAssembly.Module, hooks: Omit<EngineHooks, "memory">) {
    this.#template = template;
    this.#hooks = hooks;
    this.#module = module;
    this.#engine = this.#instantiate();
    this.#reseed();
  }

  get engine(): Engine {
    return this.#engine;
  }

  get functions(): HarnessFunctions {
    return this.#template.functions;
  }

  /** What every reset writes back. */
  get image(): MemoryImage {
    return this.#template.image;
  }

  /** Bytes of linear memory now. */
  get memoryBytes(): number {
    return this.#engine.exports.memory.buffer.byteLength;
  }

  /** Sets the memory limit of the next program. `module` carries the maximum that the engine cannot pass. */
  limitMemory(module: WebAssembly.Module, bytes: number): void {
    if (module !== this.#module) {
      this.#module = module;
      this.replace();
    }
    this.#engine.exports.qjs_set_memory_limit(Math.max(bytes - FIXED_BYTES, 1));
  }

  /**
   * Makes the realm fresh: writes the image back, or makes a new instance when the memory has grown.
   * With `verify` the memory is compared with the image; false when it differs, and then this realm must not be used.
   */
  reset(verify: boolean): boolean {
    const { image } = this.#template;
    const { memory, __stack_pointer: stack } = this.#engine.exports;
    if (image.fits(memory)) {
      image.restore(memory, stack);
    } else {
      this.#engine = this.#instantiate();
    }
    if (verify && !image.equals(this.#engine.exports.memory)) {
      return false;
    }
    this.#reseed();
    return true;
  }

  /** Makes a new instance from the image, whatever the old one is like. */
  replace(): void {
    this.#engine = this.#instantiate();
    this.#reseed();
  }

  #instantiate(): Engine {
    const { image, pointers } = this.#template;
    const engine = new Engine(this.#module, this.#hooks);
    engine.adopt(pointers);
    const { memory, __stack_pointer: stack } = engine.exports;
    memory.grow((image.bytes.byteLength - memory.buffer.byteLength) / PAGE_BYTES);
    image.restore(memory, stack);
    this.instances++;
    return engine;
  }

  /** Without this every run would draw the same random numbers. Zero is the one state that the generator cannot leave. */
  #reseed(): void {
    const word = new Uint8Array(this.#engine.exports.memory.buffer, this.#template.randomState, 8);
    do {
      randomFillSync(word);
    } while (word.every((byte) => byte === 0));
  }
}
