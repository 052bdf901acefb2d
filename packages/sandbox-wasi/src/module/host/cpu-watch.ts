import type { Clock } from "@mcp-optimizer/contracts";
import type { GuestWorker } from "../../pool/guest-worker.ts";

/** How often the host looks, in milliseconds. */
const PERIOD_MS = 50;
/** Native code, such as the compiler, does not answer: then wall time counts, with room for threads that wait for cores. */
const SLACK = 3;
const SLACK_MS = 1_000;

/** Ends a module that computes too long without ever calling out: its own thread cannot tell. */
export class CpuWatch {
  readonly #worker: GuestWorker;
  readonly #clock: Clock;
  readonly #mostMs: number;
  readonly #before: number;
  readonly #exceeded: () => void;
  #awakeMs = 0;
  #asking = false;
  #cancel: (() => void) | undefined;
  #lastLook: number;

  /** `before` is what the thread had used when the module started. */
  constructor(worker: GuestWorker, clock: Clock, cpuMs: number, before: number, exceeded: () => void) {
    this.#worker = worker;
    this.#clock = clock;
    this.#mostMs = cpuMs;
    this.#before = before;
    this.#exceeded = exceeded;
    this.#lastLook = clock.elapsed();
    this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = () => undefined;
  }

  #schedule(): void {
    this.#cancel = this.#clock.schedule(Math.min(PERIOD_MS, this.#mostMs), () => this.#look());
  }

  #look(): void {
    const now = this.#clock.elapsed();
    this.#awakeMs += this.#worker.sleeping ? 0 : now - this.#lastLook;
    this.#lastLook = now;
    if (this.#awakeMs > this.#mostMs * SLACK + SLACK_MS) {
      this.#exceeded();
      return;
    }
    this.#schedule();
    // No module can have used more CPU than the time in which it did not sleep.
    if (!this.#asking && this.#awakeMs >= this.#mostMs) {
      this.#asking = true;
      void this.#ask();
    }
  }

  async #ask(): Promise<void> {
    const used = await this.#worker.cpuMs();
    this.#asking = false;
    if (used !== undefined && used - this.#before > this.#mostMs) {
      this.#exceeded();
    }
  }
}
