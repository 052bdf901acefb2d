import { chmod, cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Language } from "@mcp-optimizer/contracts";
import { PYTHON_WITHOUT, type PythonRuntime } from "./python-runtime.ts";
import { sharedLibraries } from "./shared-libraries.ts";

/** What goes into the guest's root file system. */
export interface Runtime {
  /** Node's program. */
  readonly node: string;
  readonly python: PythonRuntime | undefined;
}

const NODE = "usr/bin/node";
const FOLDERS = ["usr/bin", "etc", "tmp", "proc", "dev", "guest"];
/** It has no root account to log in to; the name is for programs that look their user up. */
const PASSWD = "guest:x:65534:65534::/tmp:/\n";

/** What each language runs from, program and libraries, by their paths in the guest. */
export type RuntimePrograms = Readonly<Partial<Record<Language, readonly string[]>>>;

/** Copies the runtimes with all that they need into a folder, laid out as the guest's root. */
export async function stageRuntime(runtime: Runtime, root: string): Promise<RuntimePrograms> {
  for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, "etc/passwd"), PASSWD);
  await copyFile(runtime.node, join(root, NODE));
  const programs: Partial<Record<Language, readonly string[]>> = {
    javascript: [`/${NODE}`, ...(await copyLibraries([runtime.node], root))],
  };
  if (runtime.python) {
    await copyLibraries(await stagePython(runtime.python, root), root);
    programs.python = [runtime.python.program, ...(await sharedLibraries([runtime.python.program]))];
  }
  return programs;
}

async function copyLibraries(files: readonly string[], root: string): Promise<readonly string[]> {
  const libraries = await sharedLibraries(files);
  for (const library of libraries) await copyFile(library, join(root, library));
  return libraries;
}

/** Python finds its library from where its program is, so both keep their paths. Returns what was copied and is linked. */
async function stagePython(python: PythonRuntime, root: string): Promise<readonly string[]> {
  const without = new Set(PYTHON_WITHOUT.map((name) => join(python.library, name)));
  await copyFile(python.program, join(root, python.program));
  if (python.program !== "/usr/bin/python3") await symlink(python.program, join(root, "usr/bin/python3"));
  await mkdir(dirname(join(root, python.library)), { recursive: true });
  await cp(python.library, join(root, python.library), {
    recursive: true,
    dereference: true,
    // Compiled files are used only while they are as old as their source says.
    preserveTimestamps: true,
    filter: (from) => !without.has(from) && !basename(from).startsWith("config-3."),
  });
  const dynamic = join(python.library, "lib-dynload");
  const names = await readdir(dynamic).catch(() => []);
  return [python.program, ...names.filter((name) => name.endsWith(".so")).map((name) => join(dynamic, name))];
}

async function copyFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { dereference: true });
  await chmod(to, 0o755);
}
