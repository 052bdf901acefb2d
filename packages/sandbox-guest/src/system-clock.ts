import type { Clock } from "@mcp-optimizer/contracts";

/** The clock of this machine. What it schedules does not keep the process alive: what runs does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  schedule: (ms, callback) => {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};
