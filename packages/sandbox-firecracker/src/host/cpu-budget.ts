import { processUsage } from "./process-usage.ts";
import { runCommand } from "./run-command.ts";

const PRLIMIT_MS = 10_000;

/**
 * CPU time of a machine's process, counted from the moment that it is put to use: boot and waiting in a pool do not count.
 * The kernel ends the process when the budget is used up, rounded up to whole seconds.
 */
export class CpuBudget {
  readonly #pid: number;
  readonly #limitMs: number;
  #startedAtMs: number | undefined;

  constructor(pid: number, limitMs: number) {
    this.#pid = pid;
    this.#limitMs = limitMs;
  }

  /** Starts to count. Rejects when the kernel does not take the limit; the machine must not be used then. */
  async start(): Promise<void> {
    const usage = await processUsage(this.#pid);
    this.#startedAtMs = usage?.cpuMs ?? 0;
    const seconds = Math.ceil((this.#startedAtMs + this.#limitMs) / 1000);
    await runCommand("prlimit", [`--pid=${this.#pid}`, `--cpu=${seconds}:${seconds + 1}`], { timeoutMs: PRLIMIT_MS });
  }

  /** CPU time since the start, and resident memory, as far as the process still exists. */
  async usage(): Promise<{ cpuMs?: number; memoryBytes?: number }> {
    const usage = await processUsage(this.#pid);
    if (!usage) return {};
    const cpuMs = this.#startedAtMs === undefined ? 0 : usage.cpuMs - this.#startedAtMs;
    return { cpuMs, memoryBytes: usage.memoryBytes };
  }
}
