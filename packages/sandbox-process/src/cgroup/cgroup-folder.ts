import { readdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const ATTEMPTS = 200;
const LONGEST_PAUSE_MS = 25;
const DEEPEST = 16;

/** The content of a cgroup's file; `""` when it is not there. */
export function readCgroupFile(folder: string, file: string): Promise<string> {
  return readFile(join(folder, file), "utf8").catch(() => "");
}

/** The number after a word at the start of a line, as in `oom_kill 1`. */
export function numberAfter(text: string, word: string): number | undefined {
  const found = new RegExp(`^${word} (\\d+)$`, "m").exec(text);
  return found ? Number(found[1]) : undefined;
}

/** Kills what is in the folders' cgroups until nothing is, and removes them. The kernel takes some time to let go. */
export async function emptyAndRemove(
  folders: readonly string[],
  killAll: () => Promise<void>,
): Promise<void> {
  let left = folders;
  for (let attempt = 0; left.length > 0 && attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await delay(Math.min(attempt, LONGEST_PAUSE_MS));
    await killAll();
    const stays = await Promise.all(left.map(async (folder) => !(await removed(folder))));
    left = left.filter((_, index) => stays[index]);
  }
  if (left.length > 0) throw new Error(`These cgroups cannot be removed: ${left.join(", ")}`);
}

/** Sends SIGKILL to every process of a cgroup. */
export async function killProcessesOf(folder: string): Promise<void> {
  for (const line of (await readCgroupFile(folder, "cgroup.procs")).split("\n")) {
    const pid = Number(line);
    // A process of another pid namespace is shown as 0, which would be our own group.
    if (pid > 1) kill(pid);
  }
}

/** Folders below `top` whose name starts with `prefix`. */
export async function findCgroupFolders(
  top: string,
  prefix: string,
  depth: number = DEEPEST,
): Promise<string[]> {
  const entries = await readdir(top, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const folder = join(top, entry.name);
    if (entry.name.startsWith(prefix)) found.push(folder);
    else if (depth > 0) found.push(...(await findCgroupFolders(folder, prefix, depth - 1)));
  }
  return found;
}

async function removed(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
