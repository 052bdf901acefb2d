import { stolenMs } from "./stolen-time.ts";

const EVERY_MS = 10;

/** How late the event loop was at most. */
export interface LoopLateness {
  /**
   * Milliseconds that its own thread kept the loop busy: time in which the machine ran something else, or was given no processor by its host, or
   * the thread waited, is no part.
   */
  readonly lateMs: number;
  /** Milliseconds with the waiting, such as for a processor on a busy machine. */
  readonly wholeMs: number;
  /** Attacks under way when the thread was busiest. */
  readonly during: readonly string[];
}

/** Watches how late the event loop of this thread is. */
export class LoopWatch {
  /** Attacks under way. */
  readonly underWay: Set<string> = new Set();
  #latest: Omit<LoopLateness, "wholeMs"> = { lateMs: 0, during: [] };
  #wholeMs = 0;
  #due: number;
  #ranMs: number;
  #stolenMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#due = performance.now() + EVERY_MS;
    this.#ranMs = threadMs();
    this.#stolenMs = stolenMs();
    this.#timer = setInterval(() => this.#tick(), EVERY_MS);
  }

  get latest(): LoopLateness {
    return { ...this.#latest, wholeMs: this.#wholeMs };
  }

  stop(): LoopLateness {
    clearInterval(this.#timer);
    return this.latest;
  }

  #tick(): void {
    const ranMs = threadMs();
    const stolen = stolenMs();
    const wholeMs = performance.now() - this.#due;
    // The kernel counts stolen time as the thread's own; which processor lost it is not told, so all of it is taken off.
    const lateMs = Math.min(wholeMs, ranMs - this.#ranMs - (stolen - this.#stolenMs));
    this.#wholeMs = Math.max(this.#wholeMs, wholeMs);
    if (lateMs > this.#latest.lateMs) this.#latest = { lateMs, during: [...this.underWay] };
    this.#ranMs = ranMs;
    this.#stolenMs = stolen;
    this.#due = performance.now() + EVERY_MS;
  }
}

/** CPU time of this thread in milliseconds. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
