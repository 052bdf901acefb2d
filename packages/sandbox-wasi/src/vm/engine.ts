import { EngineError, MessageTooLong } from "./engine-error.ts";
import type { EngineExports } from "./engine-exports.ts";
import { engineImports, type EngineHooks } from "./engine-imports.ts";

/** Where an engine keeps what it made before an image was taken. */
export interface EnginePointers {
  /** A scratch buffer on the guest's heap. */
  readonly buffer: number;
  readonly undefined: number;
}

const BUFFER_BYTES = 65_536;
const STRICT = 8;
const STRIP_DEBUG = 32;

/**
 * The thin glue over one instance of `quickjs.wasm`: strings in, calls, strings out. Knows nothing of programs.
 * Pointers that it made before an image was taken stay valid after every reset to it.
 */
export class Engine {
  readonly exports: EngineExports;
  readonly #encoder = new TextEncoder();
  /** A scratch buffer on the guest's heap. */
  #buffer = 0;
  #undefined = 0;

  constructor(module: WebAssembly.Module, hooks: Omit<EngineHooks, "memory">) {
    const imports = engineImports({ ...hooks, memory: () => this.exports.memory });
    this.exports = new WebAssembly.Instance(module, imports).exports as unknown as EngineExports;
  }

  /** Starts the engine in a fresh instance. */
  initialise(stackBytes: number): void {
    // oxlint-disable-next-line no-underscore-dangle -- WASI's name for it.
    this.exports._initialize();
    if (this.exports.qjs_init() !== 0) {
      throw new EngineError("The engine did not start.", false);
    }
    this.exports.qjs_set_max_stack_size(stackBytes);
    this.exports.qjs_set_interrupt_handler(1);
    this.exports.qjs_set_promise_rejection_handler(1);
    this.#buffer = this.exports.wasm_malloc(BUFFER_BYTES);
    this.#undefined = this.exports.qjs_get_undefined();
  }

  get pointers(): EnginePointers {
    return { buffer: this.#buffer, undefined: this.#undefined };
  }

  /** Takes over the pointers of the engine whose image this instance holds. */
  adopt(pointers: EnginePointers): void {
    this.#buffer = pointers.buffer;
    this.#undefined = pointers.undefined;
  }

  /** Evaluates a script and returns its value. Throws EngineError. */
  evaluate(source: string, fileName: string, strict = true): number {
    const name = this.#write(fileName, true);
    const text = this.#write(source, true);
    const value = this.exports.qjs_eval(text.pointer, text.length, name.pointer, strict ? STRICT : 0);
    this.#release(text.pointer);
    this.#release(name.pointer);
    return this.#check(value);
  }

  /** Compiles a script of our own to bytecode, without its source and line numbers. Never for a guest's bytes. */
  compile(source: string, fileName: string): Uint8Array {
    const name = this.#write(fileName, true);
    const text = this.#write(source, true);
    const code = this.exports.qjs_compile(
      text.pointer,
      text.length,
      name.pointer,
      STRICT,
      STRIP_DEBUG,
      this.#buffer,
    );
    if (code === 0) {
      throw this.#exception();
    }
    const memory = this.exports.memory.buffer;
    return new Uint8Array(memory, code, new DataView(memory).getUint32(this.#buffer, true)).slice();
  }

  /** Runs bytecode of our own. */
  runBytecode(bytes: Uint8Array): number {
    const pointer = this.exports.wasm_malloc(bytes.length);
    new Uint8Array(this.exports.memory.buffer).set(bytes, pointer);
    const value = this.exports.qjs_eval_bytecode(pointer, bytes.length);
    this.exports.wasm_free(pointer);
    return this.#check(value);
  }

  /** Calls a guest's function. Throws EngineError. */
  call(fn: number, ...args: readonly number[]): number {
    const view = new DataView(this.exports.memory.buffer);
    args.forEach((arg, index) => view.setUint32(this.#buffer + index * 4, arg, true));
    return this.#check(this.exports.qjs_call(fn, this.#undefined, args.length, this.#buffer));
  }

  property(object: number, name: string): number {
    const text = this.#write(name, true);
    const value = this.exports.qjs_get_prop_string(object, text.pointer);
    this.#release(text.pointer);
    return this.#check(value);
  }

  newString(text: string): number {
    const written = this.#write(text, false);
    const value = this.exports.qjs_new_string(written.pointer, written.length);
    this.#release(written.pointer);
    return this.#check(value);
  }

  newNumber(value: number): number {
    return this.exports.qjs_new_number(value);
  }

  /** Text of a string value, and frees the value. Throws MessageTooLong when it has more than `maxBytes` bytes. */
  takeString(value: number, maxBytes: number): string {
    const pointer = this.exports.qjs_get_string_len(value, this.#buffer);
    if (pointer === 0) {
      throw this.#exception();
    }
    const memory = this.exports.memory.buffer;
    const length = new DataView(memory).getUint32(this.#buffer, true);
    if (length > maxBytes) {
      throw new MessageTooLong();
    }
    const text = Buffer.from(memory, pointer, length).toString("utf8");
    this.exports.qjs_free_cstring(pointer);
    this.free(value);
    return text;
  }

  free(value: number): void {
    this.exports.qjs_free_value(value);
  }

  /** Runs one pending job. False when there was none. Throws EngineError when the job did. */
  runJob(): boolean {
    if (this.exports.qjs_is_job_pending() === 0) {
      return false;
    }
    if (this.exports.qjs_execute_pending_job() < 0) {
      throw this.#exception();
    }
    return true;
  }

  #check(value: number): number {
    if (value === 0) {
      throw new EngineError("The engine gave no value.", true);
    }
    if (this.exports.qjs_is_exception(value) !== 0) {
      this.free(value);
      throw this.#exception();
    }
    return value;
  }

  #exception(): EngineError {
    const value = this.exports.qjs_get_exception();
    if (value === 0 || this.exports.qjs_is_null(value) !== 0) {
      return new EngineError("out of memory", true);
    }
    const pointer = this.exports.qjs_get_string_len(value, this.#buffer);
    if (pointer === 0) {
      return new EngineError("out of memory", true);
    }
    const memory = this.exports.memory.buffer;
    const length = Math.min(new DataView(memory).getUint32(this.#buffer, true), 4_096);
    const text = Buffer.from(memory, pointer, length).toString("utf8");
    this.exports.qjs_free_cstring(pointer);
    return new EngineError(text, text === "InternalError: out of memory", value);
  }

  /** Writes text to the scratch buffer when it fits and may, else to the heap. Terminates it where a C string is asked for. */
  #write(text: string, terminated: boolean): { pointer: number; length: number } {
    if (!terminated && text.length * 3 <= BUFFER_BYTES) {
      const target = new Uint8Array(this.exports.memory.buffer, this.#buffer, BUFFER_BYTES);
      return { pointer: this.#buffer, length: this.#encoder.encodeInto(text, target).written };
    }
    const bytes = Buffer.byteLength(text);
    const pointer = this.exports.wasm_malloc(bytes + 1);
    if (pointer === 0) {
      throw new EngineError("out of memory", true);
    }
    const target = new Uint8Array(this.exports.memory.buffer, pointer, bytes + 1);
    this.#encoder.encodeInto(text, target);
    target[bytes] = 0;
    return { pointer, length: bytes };
  }

  #release(pointer: number): void {
    if (pointer !== this.#buffer) {
      this.exports.wasm_free(pointer);
    }
  }
}
