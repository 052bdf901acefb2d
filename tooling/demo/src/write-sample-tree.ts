import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const FOLDERS = ["api", "api/routes", "docs", "logs/2026", "web/assets"];

/** Writes a small project of 40 files, a few of them over 10 kB. The same each time. Returns its folder. */
export async function writeSampleTree(folder: string): Promise<string> {
  const tree = join(folder, "project");
  for (let index = 0; index < 40; index += 1) {
    const path = join(tree, FOLDERS[index % FOLDERS.length]!, `file-${index}.txt`);
    const lines = index % 6 === 0 ? 400 + index * 10 : 5 + index;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      Array.from({ length: lines }, (_, line) => `${index}:${line} some text of the file\n`).join(""),
    );
  }
  return tree;
}
