import { OptimizerError } from "@mcp-optimizer/contracts";
import { TextTail } from "@mcp-optimizer/sandbox-guest";
import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { GuestCommand } from "./process-kind.ts";
import { readProcess } from "./process-table.ts";

const STDERR_KEPT_BYTES = 4096;
/** What a guest may write to stderr before nobody reads it any more. */
const STDERR_READ_BYTES = 4 * 1024 * 1024;

/** A guest's process, as the host sees it. */
export interface StartedProcess {
  readonly pid: number;
  /** The first process in the guest's pid namespace; `undefined` without one. */
  readonly init: { readonly pid: number; readonly startedAt: string } | undefined;
  readonly label: string;
  readonly uid: number | undefined;
  readonly input: Writable;
  readonly output: Readable;
  readonly stderr: TextTail;
  readonly stderrEnd: Promise<void>;
  readonly exited: Promise<ProcessExit>;
}

/** How the process ended: either is null. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What to start. */
export interface ProcessStart {
  readonly argv: readonly [command: string, ...args: string[]];
  readonly guest: GuestCommand;
  readonly label: string;
  readonly uid: number | undefined;
  readonly stop: AbortSignal;
}

/** Starts a guest and waits until its walls stand. Rejects when it ends before, or when it is to stop; the process has ended then. */
export async function startProcess({ argv, guest, label, uid, stop }: ProcessStart): Promise<StartedProcess> {
  const [command, ...args] = argv;
  const child = spawn(command, args, {
    cwd: "/",
    env: { PATH: process.env["PATH"], ...guest.environment },
    stdio: ["pipe", "pipe", "pipe", ...guest.descriptors],
    detached: true,
  });
  const exited = exitOf(child);
  const { stderr, stderrEnd } = readStderr(child.stderr!);
  for (const stream of child.stdio) stream?.on("error", () => undefined);
  const halt = (): void => void child.kill("SIGKILL");
  try {
    if (child.pid === undefined) throw await startFailure(exited);
    stop.addEventListener("abort", halt, { once: true });
    if (stop.aborted) halt();
    const init = guest.statusDescriptor === undefined ? undefined : await readInit(child, guest.statusDescriptor);
    if (stop.aborted || (guest.statusDescriptor !== undefined && init === undefined)) {
      halt();
      const { code, signal } = await exited;
      await stderrEnd;
      throw new OptimizerError("sandbox_unavailable", {
        detail: "the guest could not be started; the log says why",
        cause: new Error(`${command} ended with ${signal ?? code}: ${stderr.toString()}`),
      });
    }
    return {
      pid: child.pid,
      init,
      label,
      uid,
      input: child.stdin!,
      output: child.stdout!,
      stderr,
      stderrEnd,
      exited,
    };
  } finally {
    stop.removeEventListener("abort", halt);
  }
}

function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: 127, signal: null }));
  });
}

async function startFailure(exited: Promise<ProcessExit>): Promise<OptimizerError> {
  await exited;
  return new OptimizerError("sandbox_unavailable", { detail: "no process can be started" });
}

function readStderr(stream: Readable): { stderr: TextTail; stderrEnd: Promise<void> } {
  const stderr = new TextTail(STDERR_KEPT_BYTES);
  let read = 0;
  const stderrEnd = new Promise<void>((resolve) => {
    stream.once("close", resolve);
    stream.on("data", (chunk: Buffer) => {
      stderr.add(chunk);
      read += chunk.length;
      if (read > STDERR_READ_BYTES) {
        stream.destroy();
        resolve();
      }
    });
  });
  return { stderr, stderrEnd };
}

/** Bubblewrap writes JSON texts; the first names the process that is pid 1 inside. */
async function readInit(child: ChildProcess, descriptor: number): Promise<StartedProcess["init"]> {
  const status = child.stdio[descriptor] as Readable;
  let text = "";
  try {
    for await (const chunk of status.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      const pid = Number(/"child-pid": (\d+)/.exec(text)?.[1]);
      if (Number.isNaN(pid)) continue;
      const entry = await readProcess(pid);
      return entry !== undefined && entry.parent === child.pid ? { pid, startedAt: entry.startedAt } : undefined;
    }
  } catch {
    // Ended before it wrote.
  }
  return undefined;
}
