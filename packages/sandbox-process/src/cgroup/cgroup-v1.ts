import { access, constants, mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import {
  emptyAndRemove,
  findCgroupFolders,
  killProcessesOf,
  numberAfter,
  readCgroupFile,
} from "./cgroup-folder.ts";
import type { CgroupHierarchy } from "./cgroup-mounts.ts";
import type { CgroupLimits, CgroupTree, GuestCgroup } from "./guest-cgroup.ts";

const NEEDED = ["memory", "pids"];
const WANTED = ["cpu", "cpuacct"];
/** Not there where the kernel does not account for swap. */
const SWAP_LIMIT = "memory.memsw.limit_in_bytes";
const PERIOD_US = 100_000;

/** Cgroups of version 1 below this process's own. `undefined` when memory or pids are not there, or may not be written. */
export async function openCgroupV1(
  hierarchies: readonly CgroupHierarchy[],
  cpus: number,
): Promise<CgroupTree | undefined> {
  const used = new Map<string, CgroupHierarchy>();
  for (const controller of [...NEEDED, ...WANTED]) {
    const hierarchy = hierarchies.find(({ controllers }) => controllers.includes(controller));
    const writable = hierarchy && (await allows(hierarchy.own, constants.W_OK));
    if (hierarchy && writable) used.set(controller, hierarchy);
    else if (NEEDED.includes(controller)) return undefined;
  }
  const memory = used.get("memory")?.own ?? "";
  return {
    version: 1,
    cpus: used.has("cpu") ? cpus : availableParallelism(),
    countsCpu: used.has("cpuacct"),
    limitsSwap: await allows(join(memory, SWAP_LIMIT), constants.F_OK),
    create: async (name, limits) => {
      const cgroup = open(name, new Map([...used].map(([one, { own }]) => [one, join(own, name)])));
      try {
        await cgroup.make(limits);
      } catch (error) {
        await cgroup.remove().catch(() => undefined);
        throw error;
      }
      return cgroup;
    },
    find: async (prefix) => {
      const byName = new Map<string, Map<string, string>>();
      for (const [controller, { mount }] of used) {
        for (const folder of await findCgroupFolders(mount, prefix)) {
          const name = basename(folder);
          byName.set(name, (byName.get(name) ?? new Map<string, string>()).set(controller, folder));
        }
      }
      return [...byName].map(([name, folders]) => open(name, folders));
    },
  };
}

interface CgroupV1 extends GuestCgroup {
  make(limits: CgroupLimits): Promise<void>;
}

function open(name: string, folderOf: ReadonlyMap<string, string>): CgroupV1 {
  // Controllers may share a hierarchy.
  const folders = [...new Set(folderOf.values())];
  const read = async (controller: string, file: string): Promise<string> => {
    const folder = folderOf.get(controller);
    return folder === undefined ? "" : await readCgroupFile(folder, file);
  };
  const write = async (controller: string, file: string, value: number): Promise<void> => {
    const folder = folderOf.get(controller);
    if (folder !== undefined) await writeFile(join(folder, file), String(value), { flag: "r+" });
  };
  return {
    name,
    joinFiles: folders.map((folder) => join(folder, "cgroup.procs")),
    cpuMs: async () => toNumber(await read("cpuacct", "cpuacct.usage"), 1e-6),
    memoryBytes: async () => toNumber(await read("memory", "memory.usage_in_bytes"), 1),
    memoryKills: async () => numberAfter(await read("memory", "memory.oom_control"), "oom_kill") ?? 0,
    make: async ({ memoryBytes, tasks, cpus }) => {
      await Promise.all(folders.map((folder) => mkdir(folder)));
      await write("memory", "memory.limit_in_bytes", memoryBytes);
      await write("memory", SWAP_LIMIT, memoryBytes).catch(ignoreMissing);
      await write("pids", "pids.max", tasks);
      await write("cpu", "cpu.cfs_period_us", PERIOD_US);
      await write("cpu", "cpu.cfs_quota_us", Math.ceil(cpus * PERIOD_US));
    },
    remove: () =>
      emptyAndRemove(folders, async () => {
        // So that nothing is started faster than it is killed.
        await write("pids", "pids.max", 0).catch(() => undefined);
        await Promise.all(folders.map(killProcessesOf));
      }),
  };
}

async function allows(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

function toNumber(text: string, factor: number): number | undefined {
  return text === "" ? undefined : Number(text) * factor;
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
