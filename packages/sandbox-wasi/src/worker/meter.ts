import type { StopReason } from "./messages.ts";
import { Unwind } from "../vm/engine-error.ts";

/** How long an interrupted guest may go on before it is unwound, in milliseconds. */
const GRACE_MS = 50;

/** The kernel may count a thread's CPU in ticks of this many milliseconds. */
const TICK_MS = 4;

/** Milliseconds of CPU that this thread has used. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Counts what one run uses, and says when it must stop. CPU counts only between `enter` and `leave`. */
export class Meter {
  readonly #cpuMs: number;
  readonly #deadline: number;
  readonly #generation: number;
  readonly #stopFlag: Int32Array;
  #used = 0;
  #enteredCpu = 0;
  #enteredAt = 0;
  #unwindAt = Infinity;
  /** Why the run must stop; set once. */
  reason: StopReason | undefined;

  constructor(limits: { cpuMs: number; wallMs: number }, generation: number, stopFlag: Int32Array) {
    this.#cpuMs = limits.cpuMs;
    this.#deadline = performance.now() + limits.wallMs;
    this.#generation = generation;
    this.#stopFlag = stopFlag;
  }

  /** CPU used so far, in milliseconds, up to the last `leave`. */
  get used(): number {
    return this.#used;
  }

  /** Milliseconds of wall time left. */
  get wallLeft(): number {
    return this.#deadline - performance.now();
  }

  enter(): void {
    this.#enteredCpu = threadCpuMs();
    this.#enteredAt = performance.now();
  }

  leave(): void {
    this.#used += this.#inside();
    this.enter();
  }

  /** Whether a limit is reached. */
  check(): boolean {
    if (this.reason !== undefined) {
      return true;
    }
    if (Atomics.load(this.#stopFlag, 0) === this.#generation) {
      this.reason = "stopped";
    } else if (this.wallLeft <= 0) {
      this.reason = "timeout";
    } else if (this.#used + this.#inside() > this.#cpuMs) {
      this.reason = "cpu_limit";
    }
    return this.reason !== undefined;
  }

  /** The engine's hook: true asks the guest to stop; a guest that goes on all the same is unwound. */
  interrupt(): boolean {
    if (!this.check()) {
      return false;
    }
    const now = performance.now();
    if (now > this.#unwindAt) {
      throw new Unwind();
    }
    if (this.#unwindAt === Infinity) {
      this.#unwindAt = now + GRACE_MS;
      return true;
    }
    return false;
  }

  /** Gives the harness time for a last word after the program was stopped. */
  allowLastWord(): void {
    this.#unwindAt = performance.now() + GRACE_MS;
  }

  /** CPU since `enter`: exact for a short turn, and for a long one without the time in which other threads had the core. */
  #inside(): number {
    return Math.min(performance.now() - this.#enteredAt, threadCpuMs() - this.#enteredCpu + TICK_MS);
  }
}
