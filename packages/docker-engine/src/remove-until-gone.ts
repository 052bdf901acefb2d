import { setTimeout as delay } from "node:timers/promises";
import { engineFault } from "./engine-fault.ts";

const PAUSE_MS = 50;

/**
 * Calls `remove` until the container is not found, at most `attempts` times. A removal that is under way elsewhere is answered
 * with a conflict, and a busy mount with a failure, so only "not found" proves the end. Other faults are thrown.
 */
export async function removeUntilGone(remove: () => Promise<void>, attempts: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await remove();
    } catch (error) {
      const fault = engineFault(error);
      if (fault === "not_found") return;
      if ((fault !== "conflict" && fault !== "failed") || attempt >= attempts) throw error;
      await delay(PAUSE_MS);
    }
  }
}
