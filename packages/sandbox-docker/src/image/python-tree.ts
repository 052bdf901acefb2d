import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { filesBelow } from "./files-below.ts";
import type { ImageFile } from "./image-file.ts";
import { sharedLibraries } from "./shared-libraries.ts";

const SCRIPT = `import json, sys, sysconfig
print(json.dumps({
  "executable": sys.executable,
  "version": ".".join(map(str, sys.version_info[:3])),
  "folder": "python%d.%d" % sys.version_info[:2],
  "library": sysconfig.get_path("stdlib"),
}))`;

/** Parts of the standard library that no guest needs: tests, windows, installers. */
const LEFT_OUT =
  /^(test|idlelib|tkinter|turtledemo|ensurepip|lib2to3|pydoc_data|venv|(site|dist)-packages|config-[^/]*)\/|(^|\/)tests?\/|_tkinter\.|\.(a|exe)$/;

/** A Python of this machine, as files of an image. */
export interface PythonTree {
  readonly version: string;
  readonly files: readonly ImageFile[];
}

/**
 * Collects a Python interpreter and its standard library. Wherever it is installed here, it is at `/usr/bin/python3` and below
 * `/usr/lib` there; an interpreter finds its library beside it. `undefined` when the command does not run.
 */
export async function pythonTree(command: string): Promise<PythonTree | undefined> {
  const said = await promisify(execFile)(command, ["-I", "-c", SCRIPT], { timeout: 20_000 }).catch(
    () => undefined,
  );
  if (!said) return undefined;
  const facts = JSON.parse(said.stdout) as Record<"executable" | "version" | "folder" | "library", string>;
  const paths = (await filesBelow(facts.library)).filter((path) => !LEFT_OUT.test(path));
  const extensions = paths.filter((path) => path.endsWith(".so")).map((path) => join(facts.library, path));
  const libraries = await sharedLibraries([facts.executable, ...extensions]);
  return {
    version: facts.version,
    files: [
      { path: `usr/bin/${facts.folder}`, source: facts.executable, executable: true },
      { path: "usr/bin/python3", link: facts.folder },
      ...paths.map((path) => ({
        path: `usr/lib/${facts.folder}/${path}`,
        source: join(facts.library, path),
      })),
      ...libraries.map((path) => ({ path: path.slice(1), source: path, executable: true })),
    ],
  };
}
