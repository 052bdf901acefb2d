import { OptimizerError, type Bulletin, type Clock, type Log } from "@mcp-optimizer/contracts";

/** Which runs are under way in which session, so that they end with it. */
export interface SessionRuns {
  /** A run is in a session until the answer is called; `abort` is aborted when the session ends before. */
  join(tenant: string, session: string, abort: AbortController): () => void;
  /** A session has ended: cancels its runs, here and in other processes, and waits a while for those here. */
  end(tenant: string, session: string): Promise<void>;
  /** Hears no more of other processes. */
  dispose(): Promise<void>;
}

/** What they stand on. */
export interface SessionRunsParts {
  readonly clock: Clock;
  readonly log: Log;
  /** How other processes are told. Default: there are none. */
  readonly bulletin?: Bulletin | undefined;
  /** Asked where it may not have been heard that a session ended. */
  readonly isThere: (tenant: string, session: string) => Promise<boolean>;
}

const TOPIC = "session-ended";
/** A run that is cancelled has given its guest back by then. */
const PATIENCE_MS = 5_000;

interface Joined {
  readonly abort: AbortController;
  readonly left: Promise<void>;
}

/** Makes {@link SessionRuns}. */
export function createSessionRuns({ clock, log, bulletin, isThere }: SessionRunsParts): SessionRuns {
  const sessions = new Map<string, Set<Joined>>();
  let listening: Promise<(() => Promise<void>) | void> | undefined;
  const keyOf = (tenant: string, session: string): string => JSON.stringify([tenant, session]);
  const warn = (cause: unknown): void =>
    log({ level: "warn", message: "Other processes are not told of sessions that end", cause });

  const cancel = async (key: string): Promise<void> => {
    const runs = [...(sessions.get(key) ?? [])];
    if (runs.length === 0) return;
    for (const { abort } of runs)
      abort.abort(new OptimizerError("cancelled", { detail: "its session has ended" }));
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const stop = clock.schedule(PATIENCE_MS, resolve);
    await Promise.race([Promise.all(runs.map(({ left }) => left)), over]);
    stop();
  };

  /** Others may have ended sessions unheard. */
  const look = async (): Promise<void> => {
    for (const key of sessions.keys()) {
      const [tenant, session] = JSON.parse(key) as [string, string];
      if (!(await isThere(tenant, session))) void cancel(key);
    }
  };
  const looking = (): void => void look().catch(warn);
  const listen = async (): Promise<(() => Promise<void>) | undefined> => {
    const stop = await bulletin?.subscribe(TOPIC, { onNews: (key) => void cancel(key), onGap: looking });
    looking();
    return stop;
  };

  return {
    join(tenant, session, abort) {
      if (bulletin !== undefined) listening ??= listen().catch(warn);
      const key = keyOf(tenant, session);
      const { promise: left, resolve } = Promise.withResolvers<void>();
      const run = { abort, left };
      const runs = sessions.get(key) ?? new Set();
      sessions.set(key, runs.add(run));
      return () => {
        resolve();
        runs.delete(run);
        if (runs.size === 0 && sessions.get(key) === runs) sessions.delete(key);
      };
    },
    async end(tenant, session) {
      const key = keyOf(tenant, session);
      const told = bulletin?.publish(TOPIC, key).catch(warn);
      await Promise.all([cancel(key), told]);
    },
    async dispose() {
      const stop = await listening;
      await stop?.();
    },
  };
}
