import type { Clock } from "@mcp-optimizer/contracts";

/** Whether any process of the group is left. One that nobody has reaped counts too. */
export function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Sends a signal to every process of a group. A group that has ended is no error. */
function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has ended.
  }
}

/**
 * Ends a process group: waits `graceMs` for it to end by itself, then SIGTERM, then as long again, then SIGKILL.
 * Resolves when the group is gone, or has been sent SIGKILL.
 */
export async function endGroup(group: number, graceMs: number, clock: Clock): Promise<void> {
  if (await waitForEnd(group, graceMs, clock)) return;
  signalGroup(group, "SIGTERM");
  if (await waitForEnd(group, graceMs, clock)) return;
  signalGroup(group, "SIGKILL");
}

async function waitForEnd(group: number, ms: number, clock: Clock): Promise<boolean> {
  const deadline = clock.elapsed() + ms;
  for (let pause = 2; isGroupAlive(group); pause = Math.min(pause * 2, 50)) {
    if (clock.elapsed() >= deadline) return false;
    await new Promise<void>((resolve) => void clock.schedule(pause, resolve));
  }
  return true;
}
