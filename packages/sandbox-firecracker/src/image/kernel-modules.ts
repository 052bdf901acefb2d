import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";

/** A kernel module, unpacked. */
export interface KernelModule {
  readonly name: string;
  readonly content: Buffer;
}

const FILE = /^(.+)\.ko(\.gz|\.xz|\.zst)?$/;

/**
 * Reads modules and all that they depend on, in the order in which a kernel can load them. A name that is no file in the
 * folder counts as built into the kernel.
 */
export async function readKernelModules(
  folder: string,
  wanted: readonly string[],
): Promise<readonly KernelModule[]> {
  const paths = new Map<string, string>();
  for (const path of await readdir(folder, { recursive: true })) {
    const name = FILE.exec(basename(path))?.[1];
    if (name !== undefined) paths.set(canonical(name), join(folder, path));
  }
  const found: KernelModule[] = [];
  const visited = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    const path = paths.get(canonical(name));
    if (path === undefined || visited.has(name)) return;
    visited.add(name);
    const content = await readModule(path);
    for (const needed of dependencies(content)) await visit(canonical(needed));
    found.push({ name, content });
  };
  for (const name of wanted) await visit(canonical(name));
  return found;
}

/** The names after `depends=` in a module's information section. */
function dependencies(module: Buffer): readonly string[] {
  const start = module.indexOf("\0depends=") + "\0depends=".length;
  if (start < "\0depends=".length) return [];
  const text = module.subarray(start, module.indexOf(0, start)).toString("latin1");
  return text.split(",").filter((name) => name !== "");
}

function canonical(name: string): string {
  return name.replaceAll("-", "_");
}

async function readModule(path: string): Promise<Buffer> {
  if (path.endsWith(".xz")) return await unpackXz(path);
  const bytes = await readFile(path);
  if (path.endsWith(".gz")) return gunzipSync(bytes);
  return path.endsWith(".zst") ? zstdDecompressSync(bytes) : bytes;
}

function unpackXz(path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { encoding: "buffer" as const, maxBuffer: 64 * 1024 * 1024, timeout: 30_000 };
    execFile("xz", ["--decompress", "--stdout", path], options, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
  });
}
