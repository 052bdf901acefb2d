import { execFile } from "node:child_process";
import { promisify } from "node:util";

const LIMIT_MS = 20_000;

/** What a command wrote to stdout. Rejects when it cannot be run, fails, or takes too long. */
export async function runTool(command: string, args: readonly string[]): Promise<string> {
  const options = {
    timeout: LIMIT_MS,
    maxBuffer: 16 * 1024 * 1024,
    env: { PATH: process.env["PATH"], LC_ALL: "C" },
  };
  return (await promisify(execFile)(command, args, options)).stdout;
}
