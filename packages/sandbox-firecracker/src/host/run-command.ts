import { execFile } from "node:child_process";

/** Bounds of a helper command. */
export interface RunCommandOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a helper command to its end and resolves with its stdout. Rejects with the end of its stderr in the message. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: RunCommandOptions,
): Promise<string> {
  const { timeoutMs, signal, env } = options;
  return new Promise((resolve, reject) => {
    const settings = { timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024, killSignal: "SIGKILL" as const };
    execFile(
      command,
      args,
      { ...settings, ...(signal && { signal }), ...(env && { env }) },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else reject(new Error(`${command}: ${stderr.trim().slice(-500) || error.message}`, { cause: error }));
      },
    );
  });
}
