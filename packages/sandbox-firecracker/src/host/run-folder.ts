import { randomBytes } from "node:crypto";
import { chmod, chown, lstat, mkdir, readdir, readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { OptimizerError } from "@mcp-optimizer/contracts";
import type { HostUser } from "./host-user.ts";

const KILL_WAIT_MS = 10_000;
const STEP_MS = 5;
const NAME = /^mcpo-(\d+)-(\d+)-(\d+)-[0-9a-f]{8}$/;

/**
 * A launcher's folder for its running machines. Its name says which process owns it (process namespace, id, start), so
 * that a later process can tell that the owner is dead; it is part of each machine's id and so of each command line.
 */
export interface RunFolder {
  readonly name: string;
  /** Makes a private folder for one machine, named by the machine's id. */
  createMachineFolder(): Promise<{ id: string; folder: string }>;
  /** Removes the folder and all in it. */
  remove(): Promise<void>;
}

/** Makes a run folder under `base`. */
export async function createRunFolder(base: string): Promise<RunFolder> {
  const start = await startOf(process.pid);
  const name = `mcpo-${await processSpace()}-${process.pid}-${start}-${randomBytes(4).toString("hex")}`;
  const path = join(base, name);
  await mkdir(base, { recursive: true, mode: 0o711 });
  if (!(await isOwn(base))) {
    throw new OptimizerError("sandbox_unavailable", {
      detail: `the folder ${base} belongs to another user, or anybody may change it; name another run folder`,
    });
  }
  await mkdir(path, { mode: 0o711 });
  let count = 0;
  return {
    name,
    async createMachineFolder() {
      const id = `${name}-${++count}`;
      const folder = join(path, String(count));
      await mkdir(folder, { mode: 0o700 });
      return { id, folder };
    },
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/**
 * Lets a machine's user into its folder. What we put there ourselves comes first: in a folder that it may write to, it could exchange what
 * root touches.
 */
export async function openMachineFolder(
  folder: string,
  user: HostUser | undefined,
  access: "enter" | "write",
): Promise<void> {
  if (!user) return;
  if (access === "write") return await chown(folder, user.uid, user.gid);
  await chown(folder, process.getuid?.() ?? 0, user.gid);
  await chmod(folder, 0o710);
}

/** Ends the machines and removes the folders that dead processes of this process namespace left under `base`. */
export async function sweepRunFolders(base: string): Promise<void> {
  const space = await processSpace();
  if (!(await isOwn(base))) return;
  for (const name of await readdir(base).catch(() => [])) {
    const [, owner, pid, start] = NAME.exec(name) ?? [];
    if (owner !== space || (await startOf(Number(pid))) === start) continue;
    await killByName(name);
    await rm(join(base, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Whether nobody but us and root can exchange what is in a folder: we write, and as root give files away, below it. */
async function isOwn(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory()) return false;
  const open = (found.mode & 0o002) !== 0 && (found.mode & 0o1000) === 0;
  return !open && (found.uid === 0 || found.uid === process.getuid?.());
}

async function killByName(name: string): Promise<void> {
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!commandLine.includes(name)) continue;
    const start = await startOf(Number(pid));
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      continue;
    }
    if (start !== undefined) await goneProcess(Number(pid), start);
  }
}

async function goneProcess(pid: number, start: string): Promise<void> {
  for (let waited = 0; waited < KILL_WAIT_MS; waited += STEP_MS) {
    if ((await startOf(pid)) !== start) return;
    await setTimeout(STEP_MS);
  }
}

/** Process ids count within one namespace only. */
async function processSpace(): Promise<string> {
  return /\d+/.exec(await readlink("/proc/self/ns/pid"))?.[0] ?? "0";
}

/** The start of a process in ticks after boot; `undefined` when it has ended. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "" || fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}
