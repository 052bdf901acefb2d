import { spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

const READY_MS = 30_000;
const END_MS = 10_000;

/** A service that runs until it is stopped. */
export interface Daemon {
  readonly stop: () => Promise<void>;
}

/** How a daemon is started. */
export interface DaemonOptions extends SpawnOptions {
  /** Resolves once it serves; asked again while it rejects. */
  readonly ready: () => Promise<unknown>;
}

/** Starts a service in the foreground of its own process and waits until it is ready, 30 s at most. */
export async function startDaemon(
  command: string,
  args: readonly string[],
  { ready, ...options }: DaemonOptions,
): Promise<Daemon> {
  // Where this process is killed, the service ends too.
  const child = spawn("setpriv", ["--pdeathsig", "INT", command, ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2_000)));
  child.stderr.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2_000)));
  const ended = once(child, "close").catch((error: Error) => (output += error.message));
  const over = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    if (!over()) {
      // PostgreSQL's fast shutdown; others end on it as well.
      child.kill("SIGINT");
      const killer = setTimeout(kill, END_MS);
      await ended;
      clearTimeout(killer);
    }
    process.off("exit", kill);
  };
  const until = Date.now() + READY_MS;
  for (;;) {
    const problem = await ready().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (problem === undefined) return { stop };
    if (over() || Date.now() > until) {
      await stop();
      throw new Error(`${command} did not start: ${output.trim()}`, { cause: problem });
    }
    await pause(50);
  }
}
