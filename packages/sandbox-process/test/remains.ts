import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FIRST_UID = 1_900_000_000 + (process.pid % 65_536) * 1024;

/**
 * What guests of this test process, and of other processes that it names, left on this machine: processes, cgroups, files, mounts.
 * What other tests' killed owners leave is theirs.
 */
export async function remains(
  kind: "seccomp" | "basic",
  otherOwners: readonly number[] = [],
): Promise<string[]> {
  const owners = new Set([process.pid, ...otherOwners]);
  const label = new RegExp(`mcp-optimizer-${kind}\\.[\\w%.-]+`);
  const found: [what: string, label: string][] = [];
  const note = (what: string, text: string): void => {
    const match = label.exec(text);
    if (match) found.push([what, match[0]]);
  };
  const ownUsers: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const [commandLine, environment, status] = ["cmdline", "environ", "status"].map((file) =>
      read(join("/proc", pid, file)),
    ) as [string, string, string];
    note(`process ${pid}`, commandLine + environment);
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
    if (uid >= FIRST_UID && uid < FIRST_UID + 1024 && !/^State:\s+[ZX]/m.test(status))
      ownUsers.push(`process ${pid} of user ${uid}`);
  }
  for (const name of readdirSync(tmpdir())) note(`file ${name}`, name);
  for (const folder of cgroups("/sys/fs/cgroup")) note(`cgroup ${folder}`, folder);
  for (const line of read("/proc/self/mountinfo").split("\n")) note(`mount ${line}`, line);
  return [...found.filter(([, one]) => owners.has(ownerOf(one))).map(([what]) => what), ...ownUsers];
}

function ownerOf(label: string): number {
  return Number(decodeURIComponent(label).split("|")[1]);
}

function cgroups(folder: string): string[] {
  const below = foldersIn(folder).map((name) => join(folder, name));
  return [...below, ...below.flatMap(cgroups)];
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((one) => one.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** At once: it is asked for hundreds of times, and the kernel answers without waiting. Empty for what has gone. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
