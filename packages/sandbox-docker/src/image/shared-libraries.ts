import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Absolute paths of the shared libraries and the loader that these trusted binaries need, by `ldd`. Static ones need none. */
export async function sharedLibraries(binaries: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const binary of binaries) {
    const said = await promisify(execFile)("ldd", [binary]).catch((error: { stdout?: string }) => ({
      stdout: error.stdout ?? "",
    }));
    for (const path of parseLdd(said.stdout)) found.add(path);
  }
  return [...found].sort();
}

/** Reads the output of `ldd`: lines of `name => /path (address)`, and the loader's `/path (address)`. */
export function parseLdd(output: string): string[] {
  const paths = output.split("\n").map((line) => /^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)?.[1]);
  return paths.filter((path) => path !== undefined);
}
