import { OptimizerError, type Clock } from "@mcp-optimizer/contracts";
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  halfJitterGenerator,
  handleWhen,
  type CircuitBreakerPolicy,
} from "cockatiel";
import type { ResilienceSettings } from "./resilience-settings.ts";
import { isTransient, showsLife } from "./transient.ts";

/** Leaves servers alone that fail again and again. */
export interface Circuits {
  /** Performs a call, unless its server is left alone: then rejects with `upstream_failed`, `data.circuit` `open`. */
  perform<T>(server: string, call: () => Promise<T>): Promise<T>;
  /** Whether a server is left alone now, or tried. */
  isOpen(server: string): boolean;
  /** Forgets a server's faults. */
  reset(server: string): void;
  /** Milliseconds to wait before each repetition of one call, the first one first. */
  waits(): () => number;
}

/** What circuits stand on. */
export interface CircuitsParts {
  readonly settings: Required<ResilienceSettings>;
  readonly clock: Pick<Clock, "now">;
  readonly onOpen: (server: string, reason: string) => void;
}

interface Circuit {
  readonly breaker: CircuitBreakerPolicy;
  openUntil: number;
}

/** A call that another one's outcome decides on is tried again soon. */
const SOON_MS = 1_000;

/** Makes {@link Circuits}. */
export function createCircuits({ settings, clock, onOpen }: CircuitsParts): Circuits {
  const { breakAfter, halfOpenAfterMs, backoffMs, maxBackoffMs } = settings;
  const circuits = new Map<string, Circuit>();
  const circuitOf = (server: string): Circuit => {
    const known = circuits.get(server);
    if (known !== undefined) return known;
    const breaker = circuitBreaker(handleWhen(isTransient), {
      breaker: new ConsecutiveBreaker(breakAfter),
      halfOpenAfter: halfOpenAfterMs,
    });
    const circuit: Circuit = { breaker, openUntil: 0 };
    breaker.onBreak(() => {
      circuit.openUntil = clock.now() + halfOpenAfterMs;
      onOpen(server, lastFault(breaker));
    });
    circuits.set(server, circuit);
    return circuit;
  };
  const held = (server: string, { breaker, openUntil }: Circuit): OptimizerError => {
    const trying = breaker.state === CircuitState.HalfOpen;
    const retryAfterMs = trying ? SOON_MS : Math.max(1, openUntil - clock.now());
    const retryAfter = Math.ceil(retryAfterMs / 1_000);
    const detail = `"${server}" failed too often and is not called for ${retryAfter} s. Last: ${lastFault(breaker)}`;
    return new OptimizerError("upstream_failed", {
      detail,
      data: { server, notApplied: true, circuit: "open", retryAfterMs, retryAfter },
    });
  };
  return {
    async perform(server, call) {
      if (breakAfter === 0) return await call();
      const circuit = circuitOf(server);
      // The library would have it wait for the call that tries the server, however long that takes.
      if (circuit.breaker.state === CircuitState.HalfOpen) throw held(server, circuit);
      const ended = await circuit.breaker
        .execute(() => settled(call))
        .catch((error: unknown) => {
          throw error instanceof BrokenCircuitError ? held(server, circuit) : error;
        });
      if ("error" in ended) throw ended.error;
      return ended.value;
    },
    isOpen(server) {
      const state = circuits.get(server)?.breaker.state ?? CircuitState.Closed;
      return state !== CircuitState.Closed;
    },
    reset: (server) => void circuits.delete(server),
    waits() {
      let backoff = new ExponentialBackoff({
        generator: halfJitterGenerator,
        initialDelay: backoffMs,
        maxDelay: maxBackoffMs,
      }).next();
      return () => {
        const { duration } = backoff;
        backoff = backoff.next(undefined);
        return duration;
      };
    },
  };
}

/** An error that shows life closes the circuit as a result does. */
async function settled<T>(call: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await call() };
  } catch (error) {
    if (showsLife(error)) return { error };
    throw error;
  }
}

function lastFault({ lastFailure }: CircuitBreakerPolicy): string {
  const error = lastFailure && "error" in lastFailure ? lastFailure.error : undefined;
  return error instanceof Error ? error.message : "unknown";
}
