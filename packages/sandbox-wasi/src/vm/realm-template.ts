import { Engine, type EnginePointers } from "./engine.ts";
import type { EngineHooks } from "./engine-imports.ts";
import { findRandomState } from "./find-random-state.ts";
import { MemoryImage } from "./memory-image.ts";

/** The most that the engine's own stack may take of the 1 MiB that the module reserves. */
const STACK_BYTES = 256 * 1024;
/** Small programs end before a collection pays. */
const GC_THRESHOLD_BYTES = 4 * 1024 * 1024;
/** Free heap in the image, so that a small program does not grow the memory: a grown instance must be replaced. */
const RESERVE_BYTES = 256 * 1024;

/** The harness's functions, as pointers that hold in every realm. */
export interface HarnessFunctions {
  readonly start: number;
  readonly poll: number;
  readonly deliver: number;
  readonly flush: number;
  readonly finish: number;
  readonly reportUnhandled: number;
}

/** A realm with the harness in it and no program: what every run starts from. */
export interface RealmTemplate {
  readonly image: MemoryImage;
  readonly functions: HarnessFunctions;
  /** Address of the word that seeds `Math.random`. */
  readonly randomState: number;
  /** Pointers that realms of this template take over. */
  readonly pointers: EnginePointers;
}

/** Builds a template: about 0.1 s when the engine is cold. */
export function buildRealmTemplate(
  module: WebAssembly.Module,
  harness: string,
  now: () => number,
): RealmTemplate {
  const hooks: Omit<EngineHooks, "memory"> = { interrupt: () => false, rejection: () => undefined, now };
  const compiler = new Engine(module, hooks);
  compiler.initialise(STACK_BYTES);
  const bytecode = compiler.compile(harness, "harness.js");

  const engine = new Engine(module, hooks);
  engine.initialise(STACK_BYTES);
  const randomState = findRandomState(engine);
  const object = engine.runBytecode(bytecode);
  const pick = (name: string): number => engine.property(object, name);
  const functions = {
    start: pick("start"),
    poll: pick("poll"),
    deliver: pick("deliver"),
    flush: pick("flush"),
    finish: pick("finish"),
    reportUnhandled: pick("reportUnhandled"),
  };
  engine.exports.qjs_run_gc();
  engine.exports.qjs_set_gc_threshold(GC_THRESHOLD_BYTES);
  engine.exports.wasm_free(engine.exports.wasm_malloc(RESERVE_BYTES));
  const { memory, __stack_pointer: stack } = engine.exports;
  return {
    image: MemoryImage.of(memory, stack.value as number),
    functions,
    randomState,
    pointers: engine.pointers,
  };
}
