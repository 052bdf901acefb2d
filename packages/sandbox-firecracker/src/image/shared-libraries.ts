import { runCommand } from "../host/run-command.ts";

const LDD_MS = 60_000;

/** Absolute paths of the shared libraries, loader included, that programs and libraries of this machine need. */
export async function sharedLibraries(files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const text = await runCommand("ldd", files, { timeoutMs: LDD_MS });
  const missing = /^\s*(\S+) => not found/m.exec(text)?.[1];
  if (missing !== undefined) throw new Error(`The library ${missing} is missing on this machine.`);
  const paths = [...text.matchAll(/(?:^|=>)\s+(\/\S+) \(0x/gm)].map(([, path]) => path ?? "");
  return [...new Set(paths)].toSorted();
}
