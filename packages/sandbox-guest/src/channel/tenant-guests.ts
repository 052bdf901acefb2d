import type { Clock, Log } from "@mcp-optimizer/contracts";
import type { OpenGuest } from "./open-guest.ts";

/** How guests serve more than one program, where their agent does that. */
export interface ReuseOptions {
  /** Programs that one guest serves. Default 1,000; 1 gives every program a guest of its own. */
  readonly runs?: number;
  /** CPU time of a guest, after which it serves no more, in milliseconds. Default 60,000. */
  readonly cpuMs?: number;
  /** A guest that waited so long for its tenant ends, in milliseconds. Default one minute. */
  readonly idleMs?: number;
  /** Guests of all tenants that wait at once. Default 8; the one that waited longest ends for another. */
  readonly guests?: number;
}

/** What is needed to keep guests. */
export interface TenantGuestsOptions {
  readonly reuse: Required<ReuseOptions>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Kept {
  readonly key: string;
  readonly guest: OpenGuest;
  readonly cancelAge: () => void;
}

/** Guests that have served, kept for the tenant they served and for nobody else. */
export class TenantGuests {
  readonly #options: TenantGuestsOptions;
  /** Who waited longest comes first. */
  readonly #kept: Kept[] = [];
  readonly #ends = new Set<Promise<void>>();
  #closed = false;

  constructor(options: TenantGuestsOptions) {
    this.#options = options;
  }

  /** Guests that wait now. */
  get idle(): number {
    return this.#kept.length;
  }

  /** The guest that served last under a key; a key tells tenant, language and limits. */
  take(key: string): OpenGuest | undefined {
    const at = this.#kept.findLastIndex((one) => one.key === key);
    return at < 0 ? undefined : this.#remove(at);
  }

  /** Takes a guest after its program. Resolves when it waits for the next, or has ended. */
  async give(key: string, guest: OpenGuest): Promise<void> {
    const { reuse, clock } = this.#options;
    if (
      this.#closed ||
      guest.runs >= reuse.runs ||
      !(await guest.saysReady()) ||
      (await guest.cpuMs()) >= reuse.cpuMs ||
      guest.end !== undefined ||
      // It may have been closed meanwhile.
      this.#isClosed()
    ) {
      await this.end(guest);
      return;
    }
    const drop = (): void => {
      const at = this.#kept.findIndex((one) => one.guest === guest);
      if (at >= 0) {
        void this.end(this.#remove(at));
      }
    };
    this.#kept.push({ key, guest, cancelAge: clock.schedule(reuse.idleMs, drop) });
    guest.onEnd = drop;
    if (this.#kept.length > reuse.guests) {
      void this.end(this.#remove(0));
    }
  }

  /** Ends a guest. Never rejects. */
  end(guest: OpenGuest): Promise<void> {
    const end = guest.channel
      .kill()
      .catch((cause: unknown) =>
        this.#options.log({
          level: "error",
          message: "A guest could not be ended; a later sweep ends it.",
          cause,
        }),
      )
      .finally(() => this.#ends.delete(end));
    this.#ends.add(end);
    return end;
  }

  /** Ends all that wait. */
  async dispose(): Promise<void> {
    this.#closed = true;
    while (this.#kept.length > 0) {
      void this.end(this.#remove(0));
    }
    await Promise.all(this.#ends);
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #remove(at: number): OpenGuest {
    const [{ guest, cancelAge }] = this.#kept.splice(at, 1) as [Kept];
    cancelAge();
    guest.onEnd = undefined;
    return guest;
  }
}
