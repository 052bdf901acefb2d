import type { Engine } from "../vm/engine.ts";

const KEPT = 1_000;

/** Promises of one run that were rejected and that nothing has handled yet. */
export class Rejections {
  readonly #open = new Map<number, { promise: number; reason: number }>();

  /** Takes an event of the engine; owns both pointers. */
  note(engine: Engine, promise: number, reason: number, handled: boolean): void {
    const identity = engine.exports.qjs_get_value_ptr(promise);
    const known = this.#open.get(identity);
    if (!handled && known === undefined && this.#open.size < KEPT) {
      this.#open.set(identity, { promise, reason });
      return;
    }
    engine.free(promise);
    engine.free(reason);
    if (handled && known !== undefined) {
      this.#open.delete(identity);
      engine.free(known.promise);
      engine.free(known.reason);
    }
  }

  /** Tells the harness of each. */
  report(engine: Engine, reportUnhandled: number): void {
    for (const { reason } of this.#open.values()) {
      engine.free(engine.call(reportUnhandled, reason));
    }
    this.clear();
  }

  /** Forgets all; the reset that follows frees them. */
  clear(): void {
    this.#open.clear();
  }
}
