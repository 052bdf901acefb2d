import { commandOf } from "./confined-command.ts";
import type { HostUser } from "./host-user.ts";
import { processUsage } from "./process-usage.ts";
import { runCommand } from "./run-command.ts";

const PRLIMIT_MS = 10_000;

/**
 * CPU time of a machine's process, counted from the moment that it is put to use: boot and waiting in a pool do not count.
 * The kernel ends the process when the budget is used up, rounded up to whole seconds.
 */
export class CpuBudget {
  readonly #pid: number;
  readonly #user: HostUser | undefined;
  readonly #limitMs: number;
  #startedAtMs: number | undefined;

  constructor(pid: number, user: HostUser | undefined, limitMs: number) {
    this.#pid = pid;
    this.#user = user;
    this.#limitMs = limitMs;
  }

  /** Starts to count. Rejects when the kernel does not take the limit; the machine must not be used then. */
  async start(): Promise<void> {
    const usage = await processUsage(this.#pid);
    this.#startedAtMs = usage?.cpuMs ?? 0;
    const seconds = Math.ceil((this.#startedAtMs + this.#limitMs) / 1000);
    // Only its own user may limit a process, unless root has kept all its capabilities.
    const command = ["prlimit", `--pid=${this.#pid}`, `--cpu=${seconds}:${seconds + 1}`];
    const [file = "", ...args] = commandOf(this.#user, command);
    await runCommand(file, args, { timeoutMs: PRLIMIT_MS });
  }

  /** CPU time since the start, and resident memory, as far as the process still exists. */
  async usage(): Promise<{ cpuMs?: number; memoryBytes?: number }> {
    const usage = await processUsage(this.#pid);
    if (!usage) return {};
    const cpuMs = this.#startedAtMs === undefined ? 0 : usage.cpuMs - this.#startedAtMs;
    return { cpuMs, memoryBytes: usage.memoryBytes };
  }
}
