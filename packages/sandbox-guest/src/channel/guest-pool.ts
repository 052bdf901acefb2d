import { OptimizerError, type Clock, type Log } from "@mcp-optimizer/contracts";
import type { OpenGuest } from "./open-guest.ts";

/** Starts in a row that may fail before the pool waits for the next request. */
const MOST_FAILURES = 3;
/** A start takes a processor that the run which took the last guest needs: it waits for the end of that run, or this long. */
const REFILL_MS = 50;

/** What a pool needs. */
export interface GuestPoolOptions {
  /** Guests that are kept ready. */
  readonly size: number;
  /** A guest that waited longer is replaced, in milliseconds. */
  readonly maxAgeMs: number;
  /** A guest is asked so often whether it is well, in milliseconds. */
  readonly checkMs: number;
  /** Whether only guests that somebody waits for should be started. */
  readonly memoryIsShort: () => boolean;
  /** Starts a guest. */
  readonly open: (signal: AbortSignal) => Promise<OpenGuest>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Waiter {
  readonly resolve: (guest: OpenGuest) => void;
  readonly reject: (error: unknown) => void;
}

interface ReadyGuest {
  readonly guest: OpenGuest;
  /** Whether it is being asked whether it is well: then nobody else may read what it says. */
  asked: boolean;
  /** Cancel its timers. */
  readonly timers: (() => void)[];
}

/** Guests of one kind that wait, ready, for their first program. */
export class GuestPool {
  readonly #options: GuestPoolOptions;
  readonly #ready: ReadyGuest[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #starts = new Set<Promise<void>>();
  readonly #ends = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #failures = 0;

  constructor(options: GuestPoolOptions) {
    this.#options = options;
  }

  /** Guests that are ready now. */
  get ready(): number {
    return this.#ready.length;
  }

  /** Starts what is missing. */
  fill(): void {
    const { size } = this.#options;
    const spare = this.#failures < MOST_FAILURES && !this.#options.memoryIsShort() ? size : 0;
    const wanted = this.#waiters.length + spare;
    while (!this.#closing.signal.aborted && this.#ready.length + this.#starts.size < wanted) {
      const start = this.#start().finally(() => {
        this.#starts.delete(start);
        this.fill();
      });
      this.#starts.add(start);
    }
  }

  /** Takes a guest for good. Rejects with `sandbox_unavailable`, `cancelled` or `shutting_down`. */
  async take(signal: AbortSignal): Promise<OpenGuest> {
    if (this.#closing.signal.aborted) {
      throw new OptimizerError("shutting_down");
    }
    if (signal.aborted) {
      throw new OptimizerError("cancelled");
    }
    const first = this.#ready.find(({ guest, asked }) => !asked && guest.end === undefined);
    if (first !== undefined) {
      this.#remove(first);
      this.#fillLater(first.guest);
      return first.guest;
    }
    this.#failures = 0;
    return await new Promise<OpenGuest>((resolve, reject) => {
      const waiter: Waiter = {
        resolve: (guest) => {
          signal.removeEventListener("abort", onAbort);
          resolve(guest);
        },
        reject: (error) => {
          signal.removeEventListener("abort", onAbort);
          reject(error);
        },
      };
      const onAbort = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        waiter.reject(new OptimizerError("cancelled"));
      };
      signal.addEventListener("abort", onAbort);
      this.#waiters.push(waiter);
      this.fill();
    });
  }

  /** Ends all that wait. */
  async dispose(): Promise<void> {
    this.#closing.abort();
    for (const waiter of this.#waiters.splice(0)) {
      waiter.reject(new OptimizerError("shutting_down"));
    }
    for (const one of this.#ready.slice()) {
      this.#remove(one);
      this.#end(one.guest);
    }
    await Promise.all(this.#starts);
    await Promise.all(this.#ends);
  }

  #fillLater(taken: OpenGuest): void {
    const cancel = this.#options.clock.schedule(REFILL_MS, () => this.fill());
    void taken.channel.ended.then(() => {
      cancel();
      return this.fill();
    });
  }

  async #start(): Promise<void> {
    try {
      const guest = await this.#options.open(this.#closing.signal);
      this.#failures = 0;
      if (this.#closing.signal.aborted) {
        this.#end(guest);
      } else {
        this.#add(guest);
      }
    } catch (error) {
      if (this.#closing.signal.aborted) {
        return;
      }
      this.#failures++;
      this.#options.log({ level: "error", message: "A guest did not start.", cause: error });
      this.#waiters.shift()?.reject(error);
    }
  }

  #add(guest: OpenGuest): void {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve(guest);
      return;
    }
    if (this.#ready.length >= this.#options.size) {
      this.#end(guest);
      return;
    }
    const one: ReadyGuest = { guest, asked: false, timers: [] };
    this.#ready.push(one);
    one.timers.push(this.#options.clock.schedule(this.#options.maxAgeMs, () => this.#drop(one)));
    guest.onEnd = ({ reason, detail }) => {
      this.#failures++;
      const message = "A guest ended while it waited.";
      this.#options.log({ level: "warn", message, fields: { reason, detail } });
      this.#drop(one);
    };
    this.#checkLater(one);
  }

  #checkLater(one: ReadyGuest): void {
    one.timers.push(this.#options.clock.schedule(this.#options.checkMs, () => void this.#check(one)));
  }

  /** Asks a guest whether it is well. Nobody else is given it meanwhile. */
  async #check(one: ReadyGuest): Promise<void> {
    one.asked = true;
    const well = await one.guest.isWell();
    one.asked = false;
    if (!this.#ready.includes(one)) {
      return;
    }
    const waiter = well ? this.#waiters.shift() : undefined;
    if (waiter !== undefined) {
      this.#remove(one);
      waiter.resolve(one.guest);
    } else if (well) {
      this.#checkLater(one);
    } else {
      this.#options.log({ level: "warn", message: "A guest that waited does not answer; it is replaced." });
      this.#drop(one);
    }
  }

  #drop(one: ReadyGuest): void {
    if (this.#ready.includes(one)) {
      this.#remove(one);
      this.#end(one.guest);
      this.fill();
    }
  }

  #remove(one: ReadyGuest): void {
    this.#ready.splice(this.#ready.indexOf(one), 1);
    one.guest.onEnd = undefined;
    for (const cancel of one.timers) {
      cancel();
    }
  }

  #end(guest: OpenGuest): void {
    const end = guest.channel
      .kill()
      .catch((cause: unknown) =>
        this.#options.log({ level: "error", message: "A guest could not be ended.", cause }),
      )
      .finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }
}
