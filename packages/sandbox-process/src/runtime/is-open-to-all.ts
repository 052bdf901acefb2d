import { stat } from "node:fs/promises";
import { dirname } from "node:path";

const ENTER = 0o001;
const READ = 0o004;

/** Whether any user may enter all folders down to a path and read what is there. The path holds no symbolic link. */
export async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  if ((mode & READ) === 0) return false;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(dirname(folder))).mode & ENTER) === 0) return false;
  }
  return true;
}
