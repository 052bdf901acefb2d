import type { Clock } from "@mcp-optimizer/contracts";

/** Time that passes only when the test says so. */
export function manualClock(): { clock: Clock; pass: (ms: number) => void } {
  let now = 0;
  const due = new Set<{ at: number; callback: () => void }>();
  return {
    clock: {
      now: () => now,
      elapsed: () => now,
      schedule: (ms, callback) => {
        const entry = { at: now + ms, callback };
        due.add(entry);
        return () => due.delete(entry);
      },
    },
    pass: (ms) => {
      now += ms;
      for (const entry of due) {
        if (entry.at <= now && due.delete(entry)) {
          entry.callback();
        }
      }
    },
  };
}
