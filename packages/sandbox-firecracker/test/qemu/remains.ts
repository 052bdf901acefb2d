import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Processes and folders of machines whose run folder is this one. Templates are not counted: they live as long as their launcher. */
export async function remains(runFolder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const commandLine = await readFile(join("/proc", pid, "cmdline"), "utf8").catch(() => "");
    if (commandLine.includes(`${runFolder}/`)) found.push(`process ${pid}`);
  }
  for (const launcher of await readdir(runFolder).catch(() => [])) {
    for (const machine of await readdir(join(runFolder, launcher)).catch(() => [])) {
      const folder = join(runFolder, launcher, machine);
      const isTemplate = await access(join(folder, "memory")).then(
        () => true,
        () => false,
      );
      if (!isTemplate) found.push(folder);
    }
  }
  return found;
}
