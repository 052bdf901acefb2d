import { setTimeout as delay } from "node:timers/promises";
import { engineFault } from "./engine-fault.ts";

const PAUSE_MS = 50;

/**
 * Calls `remove` until the container is not found, for at most `limitMs` and the last call's time. A removal that is under way elsewhere
 * is answered with a conflict, and a busy mount with a failure, so only "not found" proves the end. Other faults are thrown.
 */
export async function removeUntilGone(remove: () => Promise<void>, limitMs: number): Promise<void> {
  const latest = performance.now() + limitMs;
  for (;;) {
    try {
      await remove();
    } catch (error) {
      const fault = engineFault(error);
      if (fault === "not_found") return;
      if ((fault !== "conflict" && fault !== "failed") || performance.now() > latest) throw error;
      await delay(PAUSE_MS);
    }
  }
}
