import { access, constants, mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import {
  emptyAndRemove,
  findCgroupFolders,
  killProcessesOf,
  numberAfter,
  readCgroupFile,
} from "./cgroup-folder.ts";
import type { CgroupHierarchy } from "./cgroup-mounts.ts";
import type { CgroupTree, GuestCgroup } from "./guest-cgroup.ts";

const NEEDED = ["memory", "pids"];
const PERIOD_US = 100_000;

/**
 * Cgroups of version 2 in this process's own or in the nearest one above it that may have children with limits: one that holds
 * processes may not. `undefined` when there is none that may be written.
 */
export async function openCgroupV2(
  hierarchies: readonly CgroupHierarchy[],
  cpus: number,
): Promise<CgroupTree | undefined> {
  const hierarchy = hierarchies.find(({ controllers }) => controllers.length === 0);
  const parent = hierarchy && (await findParent(hierarchy));
  if (!hierarchy || parent === undefined) return undefined;
  const canCpu = (await enabled(parent)).includes("cpu");
  let limitsSwap = true;
  return {
    version: 2,
    cpus: canCpu ? cpus : availableParallelism(),
    countsCpu: true,
    get limitsSwap() {
      return limitsSwap;
    },
    create: async (name, limits) => {
      const folder = join(parent, name);
      const cgroup = open(name, folder);
      const write = (file: string, value: string): Promise<void> =>
        writeFile(join(folder, file), value, { flag: "r+" });
      try {
        await mkdir(folder);
        await write("memory.max", String(limits.memoryBytes));
        await write("memory.swap.max", "0").catch((error: unknown) => {
          ignoreMissing(error);
          limitsSwap = false;
        });
        await write("memory.oom.group", "1").catch(ignoreMissing);
        await write("pids.max", String(limits.tasks));
        if (canCpu) await write("cpu.max", `${Math.ceil(limits.cpus * PERIOD_US)} ${PERIOD_US}`);
      } catch (error) {
        await cgroup.remove().catch(() => undefined);
        throw error;
      }
      return cgroup;
    },
    find: async (prefix) => {
      const folders = await findCgroupFolders(hierarchy.mount, prefix);
      return folders.map((folder) => open(basename(folder), folder));
    },
  };
}

function open(name: string, folder: string): GuestCgroup {
  return {
    name,
    joinFiles: [join(folder, "cgroup.procs")],
    cpuMs: async () => {
      const micros = numberAfter(await readCgroupFile(folder, "cpu.stat"), "usage_usec");
      return micros === undefined ? undefined : micros / 1000;
    },
    memoryBytes: async () => {
      const text = await readCgroupFile(folder, "memory.current");
      return text === "" ? undefined : Number(text);
    },
    memoryKills: async () => numberAfter(await readCgroupFile(folder, "memory.events"), "oom_kill") ?? 0,
    remove: () =>
      emptyAndRemove([folder], async () => {
        await writeFile(join(folder, "pids.max"), "0", { flag: "r+" }).catch(() => undefined);
        // Since Linux 5.14; before, one by one.
        await writeFile(join(folder, "cgroup.kill"), "1", { flag: "r+" }).catch(() =>
          killProcessesOf(folder),
        );
      }),
  };
}

async function findParent({ mount, own }: CgroupHierarchy): Promise<string | undefined> {
  for (let folder = own; folder.startsWith(mount); folder = dirname(folder)) {
    if (await canParent(folder)) return folder;
  }
  return undefined;
}

async function canParent(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    await access(join(folder, "cgroup.procs"), constants.W_OK);
    const possible = (await readCgroupFile(folder, "cgroup.controllers")).split(/\s+/);
    if (!NEEDED.every((controller) => possible.includes(controller))) return false;
    const already = await enabled(folder);
    const enable = (controller: string): Promise<void> =>
      writeFile(join(folder, "cgroup.subtree_control"), `+${controller}`, { flag: "r+" });
    for (const controller of NEEDED) if (!already.includes(controller)) await enable(controller);
    if (possible.includes("cpu") && !already.includes("cpu")) await enable("cpu").catch(() => undefined);
    return true;
  } catch {
    return false;
  }
}

async function enabled(folder: string): Promise<string[]> {
  return (await readCgroupFile(folder, "cgroup.subtree_control")).split(/\s+/);
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
