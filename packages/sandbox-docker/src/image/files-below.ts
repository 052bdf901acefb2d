import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";

/** Paths of all files below a folder, relative to it and in order. Links count as what they point to; broken ones are left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    if (target?.isFile()) files.push(relative(folder, path));
  }
  return files.sort();
}
