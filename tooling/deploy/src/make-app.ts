import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PNPM = fileURLToPath(new URL("../../../node_modules/.bin/pnpm", import.meta.url));

/** Puts the built command line with all that it needs at run time, and nothing else, into a folder, in place of what is there. */
export async function makeApp(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const args = [
    "--filter",
    "@mcp-optimizer/cli",
    "--prod",
    "deploy",
    "--legacy",
    "--reporter=silent",
    folder,
  ];
  await run(PNPM, args, { cwd: ROOT });
}
