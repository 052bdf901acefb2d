import { spawn, type ChildProcess } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { TextTail } from "@mcp-optimizer/sandbox-guest";
import type { MachineEnd } from "../vmm/vmm.ts";

const TAIL_BYTES = 4096;

/** A machine's process. */
export interface MachineProcess {
  /** Its streams from file descriptor 3 on. */
  readonly streams: readonly Duplex[];
  readonly pid: number;
  /** Resolves when it is gone. Never rejects. */
  readonly ended: Promise<MachineEnd>;
  /** Idempotent; resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a machine's process with `streams` further duplex streams from file descriptor 3 on. What it writes to stdout
 * and stderr is read always and kept in a bounded tail.
 */
export async function spawnMachine(
  command: readonly string[],
  options: { readonly cwd: string; readonly streams: number },
): Promise<MachineProcess> {
  const [file = "", ...args] = command;
  const extra = Array.from({ length: options.streams }, () => "pipe" as const);
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
    stdio: ["ignore", "pipe", "pipe", ...extra],
  });
  const tail = new TextTail(TAIL_BYTES);
  child.stdout?.on("data", (chunk: Buffer) => tail.add(chunk));
  child.stderr?.on("data", (chunk: Buffer) => tail.add(chunk));
  // A stream that broke shows in the machine's end; unheard, its error would end our own process.
  const streams = child.stdio.slice(3) as unknown as Duplex[];
  for (const stream of streams) stream.on("error", () => {});
  const ended = Promise.all([exitOf(child), closeOf(child.stdout), closeOf(child.stderr)]).then(
    ([{ code, signal }]) => ({ code, signal, detail: tail.toString() }),
  );
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => {
      reject(new OptimizerError("sandbox_unavailable", { detail: `${file} cannot be started`, cause }));
    });
  });
  return {
    streams,
    pid: child.pid ?? 0,
    ended,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function exitOf(child: ChildProcess): Promise<Pick<MachineEnd, "code" | "signal">> {
  return new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
}

function closeOf(stream: Readable | null): Promise<void> {
  return new Promise((resolve) => stream?.once("close", resolve));
}
