import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, told apart from a later one with the same id. */
interface Owner {
  /** The boot and the namespace in which the id counts. */
  readonly space: string;
  readonly pid: number;
  readonly startedAt: string;
}

/** The text by which a guest names the process that started it. */
export function ownerText(pid: number = process.pid): string {
  const { space, startedAt } = { space: pidSpace(), startedAt: startOf(pid) ?? "" };
  return [space, pid, startedAt].join("|");
}

/**
 * Whether a guest's owner has ended. Only an owner of this boot and process namespace can be judged; for others, a guest older than
 * `maxAgeMs` counts as left behind.
 */
export function isOwnerGone(text: string, ageMs: number, maxAgeMs: number): boolean {
  const owner = parseOwner(text);
  if (!owner || owner.space !== pidSpace()) return ageMs > maxAgeMs;
  return startOf(owner.pid) !== owner.startedAt;
}

function parseOwner(text: string): Owner | undefined {
  const [space, pid, startedAt] = text.split("|");
  if (space === undefined || startedAt === undefined || !/^\d+$/.test(pid ?? "")) return undefined;
  return { space, pid: Number(pid), startedAt };
}

function pidSpace(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** The start of a process in ticks after boot; without /proc, a constant while it lives. `undefined` when it has ended. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return process.platform === "linux" ? undefined : aliveWithoutProc(pid);
  }
}

function aliveWithoutProc(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return "alive";
  } catch {
    return undefined;
  }
}
