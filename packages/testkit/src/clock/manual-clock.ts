import type { Clock } from "@mcp-optimizer/contracts";

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves time on and calls back what fell due, in order. */
  advance(ms: number): void;
}

/** Makes a clock that starts at 2026-01-01. */
export function createManualClock(): ManualClock {
  let elapsed = 0;
  const start = Date.UTC(2026, 0, 1);
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => start + elapsed,
    elapsed: () => elapsed,
    schedule(ms, callback) {
      const timer = { at: elapsed + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = elapsed + ms;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers.delete(next);
        elapsed = Math.max(elapsed, next.at);
        next.callback();
      }
      elapsed = end;
    },
  };
}
