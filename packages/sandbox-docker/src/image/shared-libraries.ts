import { execFile } from "node:child_process";
import { promisify } from "node:util";

const MAX_BYTES = 16 * 1024 * 1024;

/** Absolute paths of the shared libraries and the loader that these trusted binaries need, by `ldd`. Static ones need none. */
export async function sharedLibraries(binaries: readonly string[]): Promise<string[]> {
  const said = await promisify(execFile)("ldd", binaries, { maxBuffer: MAX_BYTES }).catch(
    // It fails when one of them is static, and tells of the others all the same.
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? "" }),
  );
  return [...new Set(parseLdd(said.stdout))].sort();
}

/** Reads the output of `ldd`: lines of `name => /path (address)`, and the loader's `/path (address)`. */
export function parseLdd(output: string): string[] {
  const paths = output.split("\n").map((line) => /^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)?.[1]);
  return paths.filter((path) => path !== undefined);
}
