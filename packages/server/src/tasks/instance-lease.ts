import { OptimizerError, type Clock, type Log, type SessionStore } from "@mcp-optimizer/contracts";

const TENANT = "mcp-optimizer/instances";

/** Shows other processes that this one is alive, and tells it of them. */
export interface InstanceLease {
  /** Whether a process has ended. False as long as it cannot be known. Rejects with `store_unavailable`. */
  isDead(instance: string): Promise<boolean>;
  /** Shows at once that this process is alive: the store was away. */
  renew(): Promise<void>;
  /** Gives the lease up. Idempotent. */
  end(): Promise<void>;
}

/** What a lease is made of. */
export interface InstanceLeaseParts {
  readonly store: SessionStore;
  readonly instance: string;
  /** How long a silent process is taken for alive, in milliseconds. */
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each renewal, three times in a lease. */
  readonly onBeat: () => void;
}

/** Takes a lease and keeps it until its end. */
export function takeInstanceLease(parts: InstanceLeaseParts): InstanceLease {
  const { store, instance, leaseMs, clock, log, onBeat } = parts;
  /** Since when this process has reached the store whenever it tried: then others could have, too. */
  let reachedSince: number | undefined;
  let cancelTimer: (() => void) | undefined;
  let ended = false;

  const show = async (): Promise<void> => {
    if (await store.touch(TENANT, instance)) return;
    const record = { tenant: TENANT, principal: instance, id: instance, data: {}, ttlMs: leaseMs };
    await store.create(record).catch(async (error: unknown) => {
      // Expired, and not taken out yet.
      if (!OptimizerError.is(error) || error.code !== "conflict") throw error;
      await store.takeExpired(100);
      await store.create(record);
    });
  };
  const renew = async (): Promise<void> => {
    try {
      await show();
      reachedSince ??= clock.elapsed();
    } catch (cause) {
      reachedSince = undefined;
      log({ level: "warn", message: "Other processes cannot be shown that this one is alive.", cause });
    }
    if (!ended) onBeat();
  };
  const beat = (): void => {
    if (ended) return;
    cancelTimer = clock.schedule(leaseMs / 3, beat);
    void renew();
  };
  beat();

  return {
    async isDead(other) {
      const quiet = reachedSince === undefined || clock.elapsed() - reachedSince < leaseMs;
      return !quiet && (await store.get(TENANT, other)) === undefined;
    },
    renew,
    async end() {
      if (ended) return;
      ended = true;
      cancelTimer?.();
      await store.delete(TENANT, instance).catch(() => {});
    },
  };
}
