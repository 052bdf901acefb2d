import { execFile } from "node:child_process";
import { readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { isAlive } from "./is-alive.ts";

const CGROUPS = "/sys/fs/cgroup";
const ATTEMPTS = 100;
const PAUSE_MS = 50;

/**
 * Removes what a private daemon left, alive or dead: processes that name its folder or sit in its cgroups, its mounts, its cgroups,
 * its folder. `name` is that of its cgroup parent.
 */
export async function removeDockerdRemains(root: string, name: string): Promise<void> {
  const cgroups = await findCgroups(name);
  const pids = new Set([...(await processesNaming(root)), ...(await processesIn(cgroups))]);
  for (const pid of pids) kill(pid);
  await until(async () => (await Promise.all([...pids].map(isAlive))).every((alive) => !alive));
  for (const target of (await mountsBelow(root)).toReversed()) {
    await promisify(execFile)("umount", ["--lazy", target]).catch(() => undefined);
  }
  await until(async () => {
    for (const path of cgroups.toReversed()) await rmdir(path).catch(() => undefined);
    return (await findCgroups(name)).length === 0;
  });
  await rm(root, { recursive: true, force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS && !(await done()); attempt++) await delay(PAUSE_MS);
}

async function processesNaming(root: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const commandLine = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    if (commandLine.includes(`${root}/`)) found.push(Number(entry));
  }
  return found;
}

async function processesIn(cgroups: readonly string[]): Promise<number[]> {
  const lists = cgroups.map((path) => readFile(join(path, "cgroup.procs"), "utf8").catch(() => ""));
  return (await Promise.all(lists)).flatMap((list) => list.split("\n").filter(Boolean).map(Number));
}

async function mountsBelow(root: string): Promise<string[]> {
  const lines = (await readFile("/proc/self/mountinfo", "utf8")).split("\n");
  return lines.map((line) => line.split(" ")[4] ?? "").filter((target) => target.startsWith(`${root}/`));
}

/** Parents first. The unified hierarchy and each of version 1 are looked at. */
async function findCgroups(name: string): Promise<string[]> {
  const hierarchies = (await readdir(CGROUPS).catch(() => [])).map((entry) => join(CGROUPS, entry, name));
  const found: string[] = [];
  for (const top of [join(CGROUPS, name), ...hierarchies]) await collect(top, found);
  return found;
}

async function collect(path: string, found: string[]): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return;
  found.push(path);
  for (const entry of entries) if (entry.isDirectory()) await collect(join(path, entry.name), found);
}
