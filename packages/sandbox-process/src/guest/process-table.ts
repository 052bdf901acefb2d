import { readdir, readFile } from "node:fs/promises";

const TICK_MS = 10;

/** A process as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Process group, and session: the id of the process that started each. */
  readonly group: number;
  readonly session: number;
  /** Of the process and of its children that have ended, in milliseconds. */
  readonly cpuMs: number;
  /** In ticks after boot: with the id, it names a process for good. */
  readonly startedAt: string;
}

/** A process that has not ended; `undefined` when there is none of this id. One that ended and was not reaped yet is none. */
export async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent] = fields;
  if (state === undefined || parent === undefined || state === "Z" || state === "X") return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return {
    pid,
    parent: Number(parent),
    group: Number(fields[2]),
    session: Number(fields[3]),
    cpuMs: ticks * TICK_MS,
    startedAt: fields[19] ?? "",
  };
}

/** All processes of this pid namespace. */
export async function listProcesses(): Promise<ProcessEntry[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(ids.map((id) => readProcess(Number(id))));
  return entries.filter((entry) => entry !== undefined);
}

/** A process and all that descend from it. */
export function familyOf(pid: number, all: readonly ProcessEntry[]): ProcessEntry[] {
  const family = all.filter((entry) => entry.pid === pid);
  for (let at = 0; at < family.length; at++) {
    family.push(...all.filter(({ parent }) => parent === family[at]!.pid));
  }
  return family;
}

/** Memory of a process that is not backed by a file, in bytes; 0 when it has ended. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return ["RssAnon", "RssShmem"]
    .map((name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0) * 1024)
    .reduce((sum, bytes) => sum + bytes, 0);
}
