import { OptimizerError, type Clock, type Log, type Metrics } from "@mcp-optimizer/contracts";
import { systemClock } from "../system-clock.ts";
import type { Circuits } from "./circuits.ts";
import { DEFAULT_RESILIENCE, type ResilienceSettings } from "./resilience-settings.ts";
import { isNotApplied, isTransient } from "./transient.ts";

/** What is known of a call before it is made. */
export interface ResilientCall {
  /** It does no harm when it is made twice. */
  readonly mayRepeat: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Gets calls over the faults of their servers. */
export interface Resilience {
  /**
   * Makes a call: again after a fault that may pass, if it may be repeated or certainly had no effect; not at all while its server is left
   * alone. Rejects with what the last attempt rejected with, or, when an earlier one may have had an effect and the last had none, with
   * what that one did; `cancelled` at once when the signal aborts while it waits.
   */
  call<T>(server: string, call: ResilientCall, perform: () => Promise<T>): Promise<T>;
  /** A server is back: what it did before counts no more. */
  reset(server: string): void;
}

/** What resilience stands on. */
export interface ResilienceParts {
  /** Default: the machine's. */
  readonly clock?: Clock;
  readonly log?: Log;
  /** Counts `upstream_retries_total` and `upstream_circuits_opened_total`, by server. */
  readonly metrics?: Metrics;
}

/** Makes {@link Resilience}. */
export function createResilience(
  settings: ResilienceSettings = {},
  { clock = systemClock, log, metrics }: ResilienceParts = {},
): Resilience {
  const all = { ...DEFAULT_RESILIENCE, ...settings };
  const onOpen = (server: string, reason: string): void => {
    metrics?.count("upstream_circuits_opened_total", { server });
    log?.({ level: "warn", message: `${server} failed too often and is left alone for a while: ${reason}` });
  };
  // Nothing is loaded, and nothing counted, until a server has failed once.
  let loading: Promise<Circuits> | undefined;
  let circuits: Circuits | undefined;
  const load = async (): Promise<Circuits> => {
    loading ??= import("./circuits.ts").then(({ createCircuits }) =>
      createCircuits({ settings: all, clock, onOpen }),
    );
    circuits = await loading;
    return circuits;
  };
  const attempt = async <T>(server: string, perform: () => Promise<T>): Promise<T> => {
    if (circuits !== undefined) return await circuits.perform(server, perform);
    try {
      return await perform();
    } catch (error) {
      // Whatever comes of counting it, this is how the call ended.
      if (isTransient(error))
        await (await load()).perform(server, () => Promise.reject(error)).catch(() => {});
      throw error;
    }
  };
  return {
    async call(server, { mayRepeat, signal }, perform) {
      let doubtful: unknown;
      let nextWait: (() => number) | undefined;
      for (let retries = 0; ; retries++) {
        try {
          return await attempt(server, perform);
        } catch (error) {
          const harmless = isNotApplied(error);
          if (!harmless) doubtful = error;
          const again =
            retries < all.retries &&
            (mayRepeat || harmless) &&
            isTransient(error) &&
            circuits?.isOpen(server) !== true &&
            !aborted(signal);
          if (!again) throw harmless && doubtful !== undefined ? doubtful : error;
        }
        nextWait ??= (await load()).waits();
        await pause(clock, nextWait(), signal);
        if (aborted(signal)) throw cancelled(server, doubtful === undefined);
        metrics?.count("upstream_retries_total", { server });
      }
    },
    reset: (server) => circuits?.reset(server),
  };
}

const aborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

const cancelled = (server: string, notApplied: boolean): OptimizerError =>
  new OptimizerError("cancelled", {
    detail: `the call at "${server}" was cancelled before it was made again`,
    data: { server, ...(notApplied && { notApplied }) },
  });

/** Waits for so long, or until the signal aborts. */
function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms <= 0 || aborted(signal)) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.schedule(ms, end);
    signal?.addEventListener("abort", end, { once: true });
  });
}
