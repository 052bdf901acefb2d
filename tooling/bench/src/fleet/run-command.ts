import { execFile, type ExecFileOptions } from "node:child_process";
import { promisify } from "node:util";

const LIMIT_MS = 600_000;

/** Runs a program to its end and gives its stdout. Rejects with what it wrote last, and after ten minutes. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  const limits = { timeout: LIMIT_MS, killSignal: "SIGKILL", maxBuffer: 64 * 2 ** 20 } as const;
  try {
    const { stdout } = await promisify(execFile)(command, args, { ...limits, ...options, encoding: "utf8" });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
    const said = `${stdout}\n${stderr}`.trim().slice(-2_000);
    throw new Error(`${command} ${args.join(" ")} failed: ${said || message}`, { cause: error });
  }
}
