import type { Blow } from "./schedule.ts";

/** Why nobody waits for an attempt any more. */
export type Leaving = "died" | "reconnects" | "stands still";

/** An attempt at a run: one process with one client. */
export interface Attempt {
  /** The session of its client: that is how its calls are known at the upstream. */
  readonly id: string;
  /** Resolves when its client does not wait for it any more. */
  readonly left: Promise<Leaving>;
  /** Aborts when the client cancels. */
  readonly client: AbortSignal;
  /** Aborts when the process dies. */
  readonly death: AbortSignal;
  /** Lets a blow fall. Resolves when the attempt goes on, if it ever does. Once its client has left, nothing befalls it but death. */
  suffer(blow: Blow): Promise<void>;
  /** Waits until the process moves; for ever when it is dead. */
  pass(): Promise<void>;
  /** Lets it move again. */
  wake(): void;
}

const NEVER = new Promise<never>(() => undefined);

/** Begins an attempt. */
export function beginAttempt(id: string): Attempt {
  const left = Promise.withResolvers<Leaving>();
  const client = new AbortController();
  const death = new AbortController();
  let hasLeft = false;
  let still: PromiseWithResolvers<void> | undefined;
  const leave = (why: Leaving): void => {
    hasLeft = true;
    left.resolve(why);
  };
  const pass = async (): Promise<void> => {
    await still?.promise;
    if (death.signal.aborted) await NEVER;
  };
  return {
    id,
    left: left.promise,
    client: client.signal,
    death: death.signal,
    pass,
    async suffer(blow) {
      if (blow === "crash") {
        leave("died");
        death.abort();
      } else if (blow === "client leaves") client.abort();
      else if (!hasLeft) {
        still = Promise.withResolvers();
        leave(blow === "client reconnects" ? "reconnects" : "stands still");
      }
      await pass();
    },
    wake: () => still?.resolve(),
  };
}
