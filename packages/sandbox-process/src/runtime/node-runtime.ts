import { constants } from "node:fs";
import { chmod, copyFile, mkdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuestRuntime } from "./guest-runtime.ts";
import { isOpenToAll } from "./is-open-to-all.ts";
import { runTool } from "./run-tool.ts";
import { sharedLibraries } from "./shared-libraries.ts";

/** How the Node of guests is found. */
export interface NodeRuntimeOptions {
  /** Node to use. */
  readonly executable: string;
  /** Whether guests run as another user, who may not be able to enter our folders. */
  readonly otherUser: boolean;
  /** Name of the folder for a copy that every user can read, below the folder for temporary files. The caller removes it. */
  readonly copyName: string;
}

/** This machine's Node. One in a folder that is closed to others is copied to an open one. */
export async function nodeRuntime(options: NodeRuntimeOptions): Promise<GuestRuntime> {
  const original = await realpath(options.executable);
  const version = (await runTool(original, ["--version"])).trim();
  const libraries = await sharedLibraries([original]);
  const readable = !options.otherUser || (await isOpenToAll(original));
  const executable = readable ? original : await copyForAll(original, options.copyName);
  const binds = [{ source: executable, target: "/usr/bin/node" }, ...libraries];
  return { version, executable, binds, hidden: [] };
}

async function copyForAll(original: string, name: string): Promise<string> {
  const folder = join(tmpdir(), name);
  const copy = join(folder, "node");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o755 });
  await copyFile(original, copy, constants.COPYFILE_FICLONE);
  await chmod(copy, 0o755);
  return copy;
}
