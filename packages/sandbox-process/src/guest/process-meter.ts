import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { GuestCgroup } from "../cgroup/guest-cgroup.ts";
import { listProcesses, residentBytes } from "./process-table.ts";
import type { StartedProcess } from "./started-process.ts";

/** `TMPFS_MAGIC` of linux/magic.h. */
const TMPFS = 0x0102_1994;
/** About what the kernel keeps for one file in memory. */
const INODE_BYTES = 1024;

/** What a guest used until now. */
export interface ProcessUsage {
  readonly cpuMs?: number;
  readonly memoryBytes?: number;
}

/** Measures a guest by its cgroup, or by adding up its processes where that cannot tell. */
export class ProcessMeter {
  readonly #cgroup: GuestCgroup | undefined;
  readonly #guest: StartedProcess;
  readonly #list: () => Promise<readonly number[]>;
  readonly #diskBytes: number;
  #last: ProcessUsage = {};

  constructor(
    cgroup: GuestCgroup | undefined,
    guest: StartedProcess,
    list: () => Promise<readonly number[]>,
    diskBytes: number,
  ) {
    this.#cgroup = cgroup;
    this.#guest = guest;
    this.#list = list;
    this.#diskBytes = diskBytes;
  }

  /** The last usage that could be measured, once the guest has ended. */
  async read(): Promise<ProcessUsage> {
    const [cpuMs, memoryBytes] = await (this.#cgroup ? this.#readCgroup(this.#cgroup) : this.#sum());
    this.#last = {
      ...this.#last,
      ...(cpuMs !== undefined && { cpuMs: Math.max(cpuMs, this.#last.cpuMs ?? 0) }),
      ...(memoryBytes !== undefined && { memoryBytes }),
    };
    return this.#last;
  }

  async #readCgroup(cgroup: GuestCgroup): Promise<[number | undefined, number | undefined]> {
    const [cpuMs, memoryBytes] = await Promise.all([cgroup.cpuMs(), cgroup.memoryBytes()]);
    // Without the controller that counts it, those that still run are added up.
    return [cpuMs ?? (await this.#sum())[0], memoryBytes];
  }

  async #sum(): Promise<[number | undefined, number | undefined]> {
    const own = new Set(await this.#list());
    if (own.size === 0) return [undefined, undefined];
    const entries = (await listProcesses()).filter(({ pid }) => own.has(pid));
    const resident = await Promise.all([...own].map(residentBytes));
    const memory = resident.reduce((sum, bytes) => sum + bytes, 0) + (await this.#filesInMemory());
    return [entries.reduce((sum, { cpuMs }) => sum + cpuMs, 0), memory];
  }

  async #filesInMemory(): Promise<number> {
    const { init } = this.#guest;
    if (init === undefined) return 0;
    const found = await statfs(join("/proc", String(init.pid), "root", "tmp")).catch(() => undefined);
    // Until bubblewrap has mounted the guest's own, this is a file system of the host.
    const own = found?.type === TMPFS && found.blocks * found.bsize < this.#diskBytes + found.bsize;
    if (found === undefined || !own) return 0;
    return (found.blocks - found.bfree) * found.bsize + (found.files - found.ffree) * INODE_BYTES;
  }
}
