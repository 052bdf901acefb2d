import { setTimeout as delay } from "node:timers/promises";
import { readProcess } from "./process-table.ts";

const ATTEMPTS = 400;
const LONGEST_PAUSE_MS = 25;

/**
 * Kills what a list names, and what it then names, until it names nothing and all of that, and `ending`, has ended: a process that is
 * ending has no command line or environment any more to be named by, and the first one of a pid namespace ends after all others in it.
 * Rejects after some seconds.
 */
export async function killProcesses(
  list: () => Promise<readonly number[]>,
  ending: readonly number[] = [],
): Promise<void> {
  const waiting = new Map<number, string>();
  const waitFor = async (pid: number): Promise<void> => {
    const entry = waiting.has(pid) ? undefined : await readProcess(pid);
    if (entry !== undefined) waiting.set(pid, entry.startedAt);
  };
  for (const pid of ending) await waitFor(pid);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pids = await list();
    for (const pid of pids) {
      await waitFor(pid);
      kill(pid);
    }
    for (const [pid, startedAt] of waiting) {
      if ((await readProcess(pid))?.startedAt !== startedAt) waiting.delete(pid);
    }
    if (pids.length === 0 && waiting.size === 0) return;
    await delay(Math.min(attempt, LONGEST_PAUSE_MS));
  }
  const left = new Set([...(await list()), ...waiting.keys()]);
  throw new Error(`These processes cannot be killed: ${[...left].join(", ")}`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
