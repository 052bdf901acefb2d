import type { GuestRuntime } from "./guest-runtime.ts";
import { realpath } from "node:fs/promises";
import { runTool } from "./run-tool.ts";
import { sharedLibraries } from "./shared-libraries.ts";

/** A command of this machine that says its version, for guests. */
export async function toolRuntime(name: string): Promise<GuestRuntime> {
  const executable = await realpath((await runTool("/bin/sh", ["-c", 'command -v "$0"', name])).trim());
  const version = (await runTool(executable, ["--version"])).trim();
  const libraries = await sharedLibraries([executable]);
  return {
    version,
    executable,
    binds: [{ source: executable, target: `/usr/bin/${name}` }, ...libraries],
    hidden: [],
  };
}
