import { readdir, readFile } from "node:fs/promises";

const CLOSE_ON_EXEC = 0o2_000_000;
const FIRST = 3;

/**
 * Descriptors that this process would hand on to every child unasked. Node opens its own so that they are closed; these came from
 * whoever started this process, such as a lock of a shell script.
 */
export async function inheritedDescriptors(): Promise<number[]> {
  const open = (await readdir("/proc/self/fd")).map(Number).filter((descriptor) => descriptor >= FIRST);
  const handedOn = await Promise.all(open.map(isHandedOn));
  return open.filter((_, index) => handedOn[index]);
}

async function isHandedOn(descriptor: number): Promise<boolean> {
  const info = await readFile(`/proc/self/fdinfo/${descriptor}`, "utf8").catch(() => "");
  const flags = /^flags:\s+([0-7]+)$/m.exec(info)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
}
