import { z } from "zod";
import { runCommand } from "../host/run-command.ts";

const FACTS = z.object({ version: z.string(), program: z.string(), library: z.string() });

const ASK = `import json, os, sys, sysconfig
print(json.dumps({"version": sys.version.split()[0], "program": os.path.realpath(sys.executable), "library": sysconfig.get_path("stdlib")}))`;

/** Parts of the standard library that a guest has no use for. */
export const PYTHON_WITHOUT: readonly string[] = [
  "test",
  "idlelib",
  "tkinter",
  "turtledemo",
  "lib2to3",
  "ensurepip",
  "pydoc_data",
  "site-packages",
  "dist-packages",
];

/** Where a Python of this machine is. */
export interface PythonRuntime {
  readonly version: string;
  /** The program itself, links followed. */
  readonly program: string;
  /** Folder of the standard library. */
  readonly library: string;
}

/** Asks a Python where it lives. Rejects when it cannot be run, or is older than 3.9. */
export async function pythonRuntime(command: string): Promise<PythonRuntime> {
  const facts = FACTS.parse(
    JSON.parse(await runCommand(command, ["-I", "-S", "-c", ASK], { timeoutMs: 30_000 })),
  );
  const [major = 0, minor = 0] = facts.version.split(".").map(Number);
  if (major < 3 || (major === 3 && minor < 9))
    throw new Error(`${command} is Python ${facts.version}; 3.9 or later is needed.`);
  return facts;
}
