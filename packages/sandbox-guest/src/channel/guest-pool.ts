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
  /** Starts a guest. */
  readonly open: (signal: AbortSignal) => Promise<OpenGuest>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Waiter {
  readonly resolve: (guest: OpenGuest) => void;
  readonly reject: (error: unknown) => void;
}

/** Guests of one kind that wait, ready, for their one program. */
export class GuestPool {
  readonly #options: GuestPoolOptions;
  readonly #ready: { readonly guest: OpenGuest; readonly cancelAge: () => void }[] = [];
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
    const wanted = this.#waiters.length + (this.#failures < MOST_FAILURES ? size : 0);
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
    for (let first = this.#ready.shift(); first !== undefined; first = this.#ready.shift()) {
      first.cancelAge();
      if (first.guest.end() === undefined) {
        this.#fillLater(first.guest);
        return first.guest;
      }
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
    for (const { guest, cancelAge } of this.#ready.splice(0)) {
      cancelAge();
      this.#end(guest);
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
    const cancelAge = this.#options.clock.schedule(this.#options.maxAgeMs, () => this.#drop(guest));
    this.#ready.push({ guest, cancelAge });
    void this.#watch(guest);
  }

  async #watch(guest: OpenGuest): Promise<void> {
    const { reason, detail } = await guest.channel.ended;
    if (this.#ready.some((one) => one.guest === guest)) {
      this.#failures++;
      this.#options.log({
        level: "warn",
        message: "A guest ended while it waited.",
        fields: { reason, detail },
      });
      this.#drop(guest);
    }
  }

  #drop(guest: OpenGuest): void {
    const at = this.#ready.findIndex((one) => one.guest === guest);
    if (at >= 0) {
      this.#ready.splice(at, 1)[0]!.cancelAge();
      this.#end(guest);
      this.fill();
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
