import type { GuestResources } from "@mcp-optimizer/contracts";
import { CpuWatch, type GuestChannel, type GuestEnd } from "@mcp-optimizer/sandbox-guest";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { GuestCgroup } from "../cgroup/guest-cgroup.ts";
import { guestEnd } from "./guest-end.ts";
import { killProcesses } from "./kill-processes.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { ProcessMeter, type ProcessUsage } from "./process-meter.ts";
import type { StartedProcess } from "./started-process.ts";

/** How long the last words on stderr may take once nothing runs any more. */
const LAST_WORDS_MS = 1000;

/** A started guest and how it is held. */
export interface ProcessChannelOptions {
  readonly guest: StartedProcess;
  readonly resources: GuestResources;
  readonly cgroup: GuestCgroup | undefined;
  /** Processors that it can keep busy. */
  readonly cpus: number;
  readonly list: () => Promise<readonly number[]>;
  /** Called once nothing of the guest runs any more. */
  readonly gone: () => Promise<void>;
}

/** The channel to a guest in processes of this machine. It clears up when the guest ends. */
export class ProcessChannel implements GuestChannel {
  readonly input: Writable;
  readonly output: Readable;
  readonly ended: Promise<GuestEnd>;
  readonly #options: ProcessChannelOptions;
  readonly #meter: ProcessMeter;
  readonly #watches: readonly { stop(): void }[];
  readonly #removed: Promise<void>;
  #killedFor: "killed" | "memory" | "cpu" | undefined;
  #hasExited = false;

  constructor(options: ProcessChannelOptions) {
    const { guest, resources, cgroup, cpus, list } = options;
    this.#options = options;
    this.input = guest.input;
    this.output = guest.output;
    this.#meter = new ProcessMeter(cgroup, guest, list, resources.diskBytes);
    const cpu = new CpuWatch({
      limitMs: resources.cpuMs,
      cpus,
      measure: async () => (await this.#meter.read()).cpuMs,
      onExceeded: () => this.#end("cpu"),
    });
    const memory = async (): Promise<number | undefined> => (await this.#meter.read()).memoryBytes;
    this.#watches = cgroup
      ? [cpu]
      : [cpu, new MemoryWatch(resources.memoryBytes, memory, () => this.#end("memory"))];
    const finished = this.#finish();
    this.ended = finished.then(({ end }) => end);
    this.#removed = finished.then(({ removed }) => removed);
    this.#removed.catch(() => undefined);
  }

  usage(): Promise<ProcessUsage> {
    return this.#meter.read();
  }

  async kill(): Promise<void> {
    this.#end("killed");
    await this.ended;
    this.input.destroy();
    this.output.destroy();
    await this.#removed;
  }

  #end(reason: "killed" | "memory" | "cpu"): void {
    if (this.#hasExited) return;
    this.#killedFor ??= reason;
    const { guest } = this.#options;
    for (const pid of [guest.init?.pid, guest.pid]) {
      try {
        if (pid !== undefined) process.kill(pid, "SIGKILL");
      } catch {
        // It has ended, and its exit is on its way.
      }
    }
  }

  async #finish(): Promise<{ end: GuestEnd; removed: Promise<void> }> {
    const { guest, resources, cgroup, list } = this.#options;
    const exit = await guest.exited;
    this.#hasExited = true;
    for (const watch of this.#watches) watch.stop();
    const { cpuMs } = await this.#meter.read().catch((): ProcessUsage => ({}));
    const memoryKills = (await cgroup?.memoryKills()) ?? 0;
    const cleared = await killProcesses(list).catch((error: unknown) => error);
    await Promise.race([guest.stderrEnd, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    const end = guestEnd({
      exit,
      killedFor: this.#killedFor,
      memoryKills,
      cpuMs,
      cpuLimitMs: resources.cpuMs,
      softMemory: cgroup === undefined,
      stderr: guest.stderr.toString(),
    });
    return { end, removed: this.#remove(cleared) };
  }

  async #remove(cleared: unknown): Promise<void> {
    const results = await Promise.allSettled([this.#options.cgroup?.remove()]);
    await this.#options.gone();
    for (const result of results) if (result.status === "rejected") throw result.reason;
    if (cleared !== undefined) throw cleared;
  }
}
