import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a container used, read from its cgroup. */
export interface CgroupUsage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** Where to look; both are replaced in tests. */
export interface CgroupPlaces {
  readonly proc: string;
  readonly cgroups: string;
}

const MACHINE: CgroupPlaces = { proc: "/proc", cgroups: "/sys/fs/cgroup" };

/**
 * Finds the cgroup of a container whose daemon runs on this machine, and returns a function that reads its usage in far less than the
 * second that the daemon's statistics may take. `undefined` when the process is not that container's, as when the daemon is
 * elsewhere.
 */
export async function findCgroupUsage(
  pid: number,
  containerId: string,
  places: CgroupPlaces = MACHINE,
): Promise<(() => Promise<CgroupUsage>) | undefined> {
  const said = await readFile(join(places.proc, String(pid), "cgroup"), "utf8").catch(() => "");
  const paths = new Map<string, string>();
  for (const line of said.split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path?.includes(containerId)) for (const name of controllers!.split(",")) paths.set(name, path);
  }
  const [cpuacct, memory, unified] = [paths.get("cpuacct"), paths.get("memory"), paths.get("")];
  const read =
    cpuacct !== undefined && memory !== undefined
      ? () => readFirst(join(places.cgroups, "cpuacct", cpuacct), join(places.cgroups, "memory", memory))
      : unified !== undefined && (() => readSecond(join(places.cgroups, unified)));
  if (!read) return undefined;
  return read().then(
    () => read,
    () => undefined,
  );
}

/** cgroup version 1: nanoseconds, and one hierarchy for each controller. */
async function readFirst(cpu: string, memory: string): Promise<CgroupUsage> {
  const [nanoseconds, bytes] = await Promise.all([
    readNumber(join(cpu, "cpuacct.usage"), /^(\d+)/),
    readNumber(join(memory, "memory.usage_in_bytes"), /^(\d+)/),
  ]);
  return { cpuMs: nanoseconds / 1e6, memoryBytes: bytes };
}

/** cgroup version 2: microseconds, and one hierarchy. */
async function readSecond(folder: string): Promise<CgroupUsage> {
  const [microseconds, bytes] = await Promise.all([
    readNumber(join(folder, "cpu.stat"), /^usage_usec (\d+)/m),
    readNumber(join(folder, "memory.current"), /^(\d+)/),
  ]);
  return { cpuMs: microseconds / 1e3, memoryBytes: bytes };
}

async function readNumber(path: string, pattern: RegExp): Promise<number> {
  const match = pattern.exec(await readFile(path, "utf8"));
  if (!match) throw new Error(`no number in ${path}`);
  return Number(match[1]);
}
