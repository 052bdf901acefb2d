import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FIRST_UID = 1_900_000_000 + (process.pid % 65_536) * 1024;

/** What guests of this test process, of its children and of the dead left on this machine: processes, cgroups, files, mounts. */
export async function remains(kind: "seccomp" | "basic"): Promise<string[]> {
  const label = new RegExp(`mcp-optimizer-${kind}\\.[\\w%.-]+`);
  const found: [what: string, label: string][] = [];
  const note = (what: string, text: string): void => {
    const match = label.exec(text);
    if (match) found.push([what, match[0]]);
  };
  const ownUsers: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const [commandLine, environment, status] = await Promise.all(
      ["cmdline", "environ", "status"].map((file) =>
        readFile(join("/proc", pid, file), "utf8").catch(() => ""),
      ),
    );
    note(`process ${pid}`, commandLine! + environment!);
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status!)?.[1]);
    if (uid >= FIRST_UID && uid < FIRST_UID + 1024 && !/^State:\s+[ZX]/m.test(status!))
      ownUsers.push(`process ${pid} of user ${uid}`);
  }
  for (const name of await readdir(tmpdir())) note(`file ${name}`, name);
  for (const folder of await cgroups("/sys/fs/cgroup")) note(`cgroup ${folder}`, folder);
  for (const line of (await readFile("/proc/self/mountinfo", "utf8")).split("\n"))
    note(`mount ${line}`, line);
  const concerned = await Promise.all(found.map(async ([, one]) => !(await isOfAnother(one))));
  return [...found.filter((_, index) => concerned[index]).map(([what]) => what), ...ownUsers];
}

/** Whether the owner is alive, and neither this process nor a child of it: another test. */
async function isOfAnother(label: string): Promise<boolean> {
  const pid = Number(decodeURIComponent(label).split("|")[1]);
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const parent = Number(stat.slice(stat.lastIndexOf(")") + 4).split(" ")[0]);
  return stat !== "" && pid !== process.pid && parent !== process.pid;
}

async function cgroups(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(() => [])).filter((one) =>
    one.isDirectory(),
  );
  const below = await Promise.all(entries.map(({ name }) => cgroups(join(folder, name))));
  return [...entries.map(({ name }) => join(folder, name)), ...below.flat()];
}
