import type { Clock } from "@mcp-optimizer/contracts";

/** Fetches a list again after it changed: gathers changes, one fetch at a time, and one more when it changed meanwhile. */
export interface ToolRefresher {
  /** Tells that the list has changed. */
  changed(): void;
  /** Fetching may begin; changes until now count. */
  start(): void;
  /** Nothing is fetched any more. */
  stop(): void;
}

/** Makes a refresher that waits `debounceMs` for further changes. `fetch` must not reject. */
export function createToolRefresher(
  fetch: () => Promise<void>,
  debounceMs: number,
  clock: Clock,
): ToolRefresher {
  let state: "waiting" | "idle" | "scheduled" | "running" | "stopped" = "waiting";
  let dirty = false;
  let cancel = (): void => {};
  const run = async (): Promise<void> => {
    state = "running";
    dirty = false;
    await fetch();
    if ((state as string) === "stopped") return;
    state = "idle";
    if (dirty) schedule();
  };
  const schedule = (): void => {
    state = "scheduled";
    cancel = clock.schedule(debounceMs, () => void run());
  };
  return {
    changed() {
      dirty = true;
      if (state === "idle") schedule();
    },
    start() {
      if (state !== "waiting") return;
      state = "idle";
      if (dirty) schedule();
    },
    stop() {
      state = "stopped";
      cancel();
    },
  };
}
