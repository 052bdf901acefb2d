import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { RuntimeBind } from "./guest-runtime.ts";
import { runTool } from "./run-tool.ts";

/** The shared libraries of programs and modules, as `ldd` finds them, where the guest's loader looks for them. */
export async function sharedLibraries(files: readonly string[]): Promise<RuntimeBind[]> {
  const printed = await runTool("ldd", files).catch((error: { stdout?: string; stderr?: string }) => {
    // A static program has none, and then ldd fails.
    if (/not a dynamic executable|statically linked/.test(`${error.stdout}${error.stderr}`))
      return error.stdout ?? "";
    throw error;
  });
  const paths = new Set(
    [...printed.matchAll(/^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(([, path]) => path!),
  );
  const libc = [...paths].find((path) => /^libc[.-]/.test(basename(path)));
  const binds = [...paths].map(async (path) => ({
    source: await realpath(path),
    target: target(path, libc),
  }));
  return Promise.all(binds);
}

/** System libraries and the loader stay where they are; others move beside the C library, where every loader looks. */
function target(path: string, libc: string | undefined): string {
  const stays = /^\/(usr\/)?lib/.test(path) || basename(path).startsWith("ld-") || libc === undefined;
  return stays ? path : join(dirname(libc), basename(path));
}
