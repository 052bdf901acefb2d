import { OptimizerError } from "@mcp-optimizer/contracts";
import { TextTail } from "@mcp-optimizer/sandbox-guest";
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { childDescriptors } from "./child-descriptors.ts";
import type { GuestCommand } from "./process-kind.ts";
import { killProcesses } from "./kill-processes.ts";
import { readProcess } from "./process-table.ts";

const STDERR_KEPT_BYTES = 4096;
/** What a guest may write to stderr before nobody reads it any more. */
const STDERR_READ_BYTES = 4 * 1024 * 1024;
/** How long last words may take once the process has ended. */
const LAST_WORDS_MS = 200;

/** What bubblewrap says where the kernel, or AppArmor on Ubuntu, keeps user namespaces from it. */
const NO_NAMESPACES = /No permissions to creat|setting up uid map|new namespace failed/i;
const ADVICE =
  "the kernel gives this user no namespaces; see the settings user.max_user_namespaces, kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns";

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
  /** Descriptors that the child would get unasked. */
  readonly inherited: readonly number[];
  /** Processes that carry the label. */
  readonly list: () => Promise<readonly number[]>;
}

/** Starts a guest and waits until its walls stand. Rejects when it ends before, or when it is to stop; the process has ended then. */
export async function startProcess({
  argv,
  guest,
  label,
  uid,
  stop,
  list,
  inherited,
}: ProcessStart): Promise<StartedProcess> {
  const emptyDevice = openSync("/dev/null", "r");
  let child: ChildProcess;
  try {
    const [command, ...args] = argv;
    const env = { PATH: process.env["PATH"], ...guest.environment };
    const stdio = childDescriptors(guest.descriptors, inherited, emptyDevice);
    child = spawn(command, args, { cwd: "/", env, stdio, detached: true });
  } catch (error) {
    await guest.started();
    throw error;
  } finally {
    closeSync(emptyDevice);
  }
  const exited = exitOf(child);
  const { stderr, stderrEnd } = readStderr(child.stderr!);
  for (const stream of child.stdio) stream?.on("error", () => undefined);
  await guest.started();
  if (child.pid === undefined) throw await startFailure(exited);
  const { pid } = child;
  let children: readonly number[] = [];
  const halt = (): void => {
    if (children.length === 0) children = childrenOf(pid);
    child.kill("SIGKILL");
  };
  stop.addEventListener("abort", halt, { once: true });
  if (stop.aborted) halt();
  try {
    const { statusDescriptor } = guest;
    const first = statusDescriptor === undefined ? undefined : await readFirstPid(child, statusDescriptor);
    const init = first === undefined ? undefined : await identify(first, pid);
    if (stop.aborted || (statusDescriptor !== undefined && first === undefined)) {
      halt();
      const { code, signal } = await exited;
      // Bubblewrap's child outlives it when it is killed before it has told the child to end with it, and else ends just after it.
      await killProcesses(list, children);
      await Promise.race([stderrEnd, delay(LAST_WORDS_MS, undefined, { ref: false })]);
      const words = stderr.toString();
      throw new OptimizerError("sandbox_unavailable", {
        detail: NO_NAMESPACES.test(words) ? ADVICE : "the guest could not be started; the log says why",
        cause: new Error(`${argv[0]} ended with ${signal ?? code}: ${words}`),
      });
    }
    return {
      pid,
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

/** Processes that a process has started, as far as the kernel tells. */
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
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

/** Bubblewrap writes JSON texts; the first names the process that is pid 1 inside. `undefined` when it ends without. */
async function readFirstPid(child: ChildProcess, descriptor: number): Promise<number | undefined> {
  const status = child.stdio[descriptor] as Readable;
  child.once("exit", () => setTimeout(() => status.destroy(), LAST_WORDS_MS).unref());
  let text = "";
  try {
    for await (const chunk of status.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      const found = /"child-pid": (\d+)/.exec(text);
      if (found) return Number(found[1]);
    }
  } catch {
    // Destroyed, since nobody is left to write.
  }
  return undefined;
}

/** `undefined` when it has ended already. */
async function identify(pid: number, parent: number): Promise<StartedProcess["init"]> {
  const entry = await readProcess(pid);
  return entry === undefined || entry.parent !== parent ? undefined : { pid, startedAt: entry.startedAt };
}
