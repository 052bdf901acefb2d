import {
  OptimizerError,
  type Bulletin,
  type Clock,
  type JsonObject,
  type JsonValue,
  type Log,
  type SessionRecord,
  type SessionStore,
} from "@mcp-optimizer/contracts";
import type { ExecutedRun } from "./executor.ts";

/** A run that this process holds, as the others know of it. */
export interface HeldRun {
  /** It is over: with what others may fetch, or with nothing that they could. Never rejects. */
  end(executed?: ExecutedRun): Promise<void>;
  /** Its end was fetched here. Never rejects. */
  fetched(): Promise<void>;
}

/**
 * What is known of a run that another process may hold: `free`: nobody does, or its holder, who is `dead` then, is silent for too long; that it
 * goes on; or what came of it.
 */
export type FoundRun = FreeRun | { readonly state: "running" } | EndedRun;

/** A run that nobody holds. */
export interface FreeRun {
  readonly state: "free";
  readonly dead: boolean;
  /** Of the record that says so; undefined when there is none. */
  readonly version: number | undefined;
}

interface EndedRun {
  readonly state: "ended";
  readonly executed: ExecutedRun;
}

/** Runs that outlive their requests, as processes that serve the same clients know of each other's. */
export interface SharedRuns {
  /** Says that this process holds a run; it is said again until its end. Never rejects: without the store, the others do not know. */
  hold(tenant: string, runId: string): Promise<HeldRun>;
  /** Holds a run that was found free. Undefined when another was first. Rejects with `store_unavailable`. */
  claim(tenant: string, runId: string, found: FreeRun): Promise<HeldRun | undefined>;
  /** Waits for a run until `patience` resolves. All who wait get its end, of those who come later one. Rejects with `store_unavailable`. */
  wait(tenant: string, runId: string, patience: Promise<unknown>): Promise<FoundRun>;
}

/** What they are known by. */
export interface SharedRunsParts {
  readonly store: SessionStore;
  readonly bulletin: Bulletin;
  readonly clock: Clock;
  readonly log: Log;
  readonly randomId: () => string;
  /** Milliseconds of silence after which a holder counts as dead. Default 15,000. */
  readonly leaseMs?: number;
  /** How long an end can be fetched, in milliseconds. Default 600,000. */
  readonly keepMs?: number;
}

/** Records that have expired are taken out so many at once. */
const BATCH = 100;

/** Makes {@link SharedRuns}. */
export function createSharedRuns(parts: SharedRunsParts): SharedRuns {
  const { store, bulletin, clock, log, randomId, leaseMs = 15_000, keepMs = 600_000 } = parts;
  const beatMs = leaseMs / 3;
  /** Somebody whose lease is over may have been without the store, as we were: whoever lives says so within this time. */
  const watchMs = leaseMs / 2;
  const topicOf = (tenant: string, runId: string): string => `run ${JSON.stringify([tenant, runId])}`;

  const create = async (tenant: string, id: string, data: JsonObject): Promise<void> => {
    const record = { tenant, id, principal: tenant, data, ttlMs: keepMs };
    await store.create(record).catch(async (error: unknown) => {
      if (!hasCode(error, "conflict")) throw error;
      // One that has expired is in its place until somebody takes it.
      while ((await store.takeExpired(BATCH)).length === BATCH);
      await store.create(record);
    });
  };
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (cause) {
      log({ level: "warn", message: "Other processes could not be told of a run", cause });
    }
  };
  const running = (holder: string): JsonObject => ({
    holder,
    state: "running",
    heldUntil: clock.now() + leaseMs,
  });

  /** Goes on saying that `holder` holds a run. `first`: nobody was told yet. */
  const keep = async (tenant: string, id: string, holder: string, first: boolean): Promise<HeldRun> => {
    let mine = !first;
    let ended = false;
    let cancel = (): void => {};
    let last: Promise<void> = Promise.resolve();
    /** One after the other. */
    const then = (work: () => Promise<unknown>): Promise<void> => (last = last.then(() => attempt(work)));
    /** Whoever has taken it over since is not disturbed. */
    const own = async (): Promise<SessionRecord | undefined | "taken"> => {
      const known = await store.get(tenant, id);
      if (known === undefined || known.data["holder"] === holder) return known;
      return mine || Number(known.data["heldUntil"] ?? 0) > clock.now() ? "taken" : known;
    };
    const say = async (data: JsonObject): Promise<void> => {
      const known = await own();
      if (known === "taken") return;
      if (known === undefined) await create(tenant, id, data);
      else await store.update(tenant, id, known.version, data);
      mine = true;
    };
    const beat = async (): Promise<void> => {
      await then(() => say(running(holder)));
      if (!ended) later();
    };
    const later = (): void => void (cancel = clock.schedule(beatMs, () => void beat()));
    if (first) await beat();
    else later();
    // What nobody fetched goes when others come.
    void attempt(() => store.takeExpired(BATCH));
    return {
      async end(executed) {
        ended = true;
        cancel();
        await then(async () => {
          // An answer is JSON, but for members that are undefined.
          if (executed !== undefined) {
            const answer = JSON.parse(JSON.stringify(executed)) as JsonValue;
            await say({ holder, state: "ended", executed: answer });
          } else if ((await store.get(tenant, id))?.data["holder"] === holder) {
            await store.delete(tenant, id);
          }
          await bulletin.publish(topicOf(tenant, id), "");
        });
      },
      fetched: () =>
        then(async () => {
          const known = await own();
          if (known === undefined || known === "taken" || known.data["state"] !== "ended") return;
          await store.update(tenant, id, known.version, { ...known.data, fetched: true });
        }),
    };
  };

  return {
    hold: (tenant, runId) => keep(tenant, runId, randomId(), true),
    async claim(tenant, runId, { version }) {
      const holder = randomId();
      try {
        if (version === undefined) await create(tenant, runId, running(holder));
        else await store.update(tenant, runId, version, running(holder));
      } catch (error) {
        if (hasCode(error, "conflict") || hasCode(error, "not_found")) return undefined;
        throw error;
      }
      return await keep(tenant, runId, holder, false);
    },
    async wait(tenant, runId, patience) {
      let over = false;
      let wake = (): void => {};
      const stop = await bulletin.subscribe(topicOf(tenant, runId), {
        onNews: () => wake(),
        onGap: () => wake(),
      });
      void patience.finally(() => {
        over = true;
        wake();
      });
      /** What was last heard, and when. Clocks of others may be wrong. */
      let heard: { readonly version: number; readonly at: number } | undefined;
      try {
        for (;;) {
          const woken = new Promise<void>((resolve) => (wake = resolve));
          const found = await store.get(tenant, runId);
          if (found === undefined) return { state: "free", dead: false, version: undefined };
          const { version, data } = found;
          if (data["state"] === "ended") {
            const first = await take(found);
            if (!first && heard === undefined) return { state: "free", dead: false, version };
            return { state: "ended", executed: data["executed"] as unknown as ExecutedRun };
          }
          if (heard?.version !== version) heard = { version, at: clock.elapsed() };
          const silentMs = clock.elapsed() - heard.at;
          const leftMs = Number(data["heldUntil"]) - clock.now();
          const patientMs = leftMs > 0 ? leaseMs : watchMs;
          if (silentMs >= patientMs || (over && leftMs <= 0)) return { state: "free", dead: true, version };
          if (over) return { state: "running" };
          const restMs = patientMs - silentMs;
          const cancel = clock.schedule(leftMs > 0 ? Math.min(leftMs, restMs) : restMs, () => wake());
          await woken;
          cancel();
        }
      } finally {
        await stop();
      }
    },
  };

  /** Of those who come later, one gets an end. */
  async function take({ tenant, id, version, data }: SessionRecord): Promise<boolean> {
    if (data["fetched"] === true) return false;
    await store.update(tenant, id, version, { ...data, fetched: true }).catch((error: unknown) => {
      // Another was as fast: the same for both.
      if (!hasCode(error, "conflict") && !hasCode(error, "not_found")) throw error;
    });
    return true;
  }
}

const hasCode = (error: unknown, code: string): boolean => OptimizerError.is(error) && error.code === code;
