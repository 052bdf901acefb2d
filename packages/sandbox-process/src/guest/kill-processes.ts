import { setTimeout as delay } from "node:timers/promises";

const ATTEMPTS = 400;
const LONGEST_PAUSE_MS = 25;

/** Kills what a list names, and what it then names, until it names nothing. Rejects after some seconds. */
export async function killProcesses(list: () => Promise<readonly number[]>): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pids = await list();
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    await delay(Math.min(attempt, LONGEST_PAUSE_MS));
  }
  throw new Error(`These processes cannot be killed: ${(await list()).join(", ")}`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
