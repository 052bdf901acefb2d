import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SETTINGS = [
  "core_pattern",
  "hostname",
  "domainname",
  "modprobe",
  "panic",
  "ctrl-alt-del",
  "randomize_va_space",
];
const FOLDERS = [
  "/tmp",
  "/var/tmp",
  "/dev/shm",
  "/dev/mqueue",
  "/run",
  "/run/lock",
  "/",
  "/dev",
  "/etc",
  tmpdir(),
];
const CLOCK_SLACK_MS = 5_000;

/** What an attack on the kernel would change for the whole machine, by name. */
export async function hostFacts(): Promise<ReadonlyMap<string, string>> {
  const files = [
    ...SETTINGS.map((name) => `/proc/sys/kernel/${name}`),
    "/proc/swaps",
    "/sys/kernel/uevent_helper",
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const formats = await readdir("/proc/sys/fs/binfmt_misc").catch(() => []);
  return new Map([
    ...files.map((file, index) => [file, texts[index]!] as const),
    ["binfmt_misc", formats.join()],
    ["clock", String(Math.round((Date.now() - performance.now()) / CLOCK_SLACK_MS))],
  ]);
}

/** The first fact that changed. A clock that stands at the edge of its slack may move by one. */
export function changedFact(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string | undefined {
  for (const [name, value] of after) {
    const old = before.get(name);
    const moved = name === "clock" ? Math.abs(Number(old) - Number(value)) > 1 : old !== value;
    if (moved) return name;
  }
  return undefined;
}

/** What carries the mark of a run and is left on the machine: processes, files where all may write, mounts. */
export async function leftOnHost(mark: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(join("/proc", pid, "cmdline"), "latin1").catch(() => "");
    if (line.includes(mark)) found.push(`process ${line.split("\0").find((word) => word.includes(mark))!}`);
  }
  for (const folder of new Set(FOLDERS)) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.includes(mark)) {
        found.push(`file ${join(folder, name)}`);
        await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
      }
    }
  }
  const mounts = (await readFile("/proc/self/mountinfo", "utf8").catch(() => "")).split("\n");
  found.push(...mounts.filter((line) => line.includes(mark)).map((line) => `mount ${line}`));
  return found;
}
