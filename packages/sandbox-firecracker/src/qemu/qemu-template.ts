import type { Buffer } from "node:buffer";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { abortable } from "../host/abortable.ts";
import type { Machine, MachineSpec, MachineTemplate } from "../vmm/vmm.ts";
import { QEMU_STREAMS, type QemuMemory } from "./qemu-arguments.ts";
import { saveState, SKIP_MEMORY, waitForMigration } from "./qemu-state.ts";
import { startQemu, type QemuOptions } from "./start-qemu.ts";

const MIB = 1024 * 1024;

/** A machine that was stopped, with what its copies start from. */
export interface QemuTemplate extends MachineTemplate {
  readonly memory: QemuMemory & { readonly kind: "copy" };
  /** Of its devices and processor. */
  readonly state: Buffer;
}

/**
 * Boots a machine whose memory is a file, stops it when it is ready, and keeps its state. A copy maps the same file and
 * copies a page when it writes to it, so copies start in a fraction of a second and share what they do not change.
 */
export async function captureQemu(
  options: QemuOptions,
  spec: MachineSpec,
  ready: (machine: Machine) => Promise<void>,
  signal: AbortSignal,
): Promise<QemuTemplate> {
  const file = join(spec.folder, "memory");
  await using memory = await open(file, "wx", 0o600);
  await memory.truncate(spec.memoryMib * MIB);
  const { user } = spec;
  if (user) await memory.chown(user.uid, user.gid);
  const { machine, monitor } = await startQemu(options, spec, { kind: "template", file }, signal);
  try {
    await ready(machine);
    await monitor.execute("stop");
    await monitor.execute("migrate-set-capabilities", SKIP_MEMORY);
    const state = await abortable(saveState(monitor, spec.folder), signal);
    await machine.kill();
    if (user) {
      // Copies read it, by the template's group: one that broke out must not write into those that come after it.
      await memory.chown(process.getuid?.() ?? 0, user.gid);
      await memory.chmod(0o440);
    }
    const original = { kind: "copy", file, ...(user && { readers: user.gid }) } as const;
    return {
      memory: original,
      state,
      restore: (copy, abort) => restoreQemu(options, copy, original, state, abort),
    };
  } finally {
    await machine.kill();
  }
}

/** Starts a copy of a machine that was stopped. Rejects when that fails; nothing is left then. */
export async function restoreQemu(
  options: QemuOptions,
  spec: MachineSpec,
  memory: QemuMemory,
  saved: Buffer,
  signal: AbortSignal,
): Promise<Machine> {
  const { machine, monitor, state: incoming } = await startQemu(options, spec, memory, signal);
  try {
    await monitor.execute("migrate-set-capabilities", SKIP_MEMORY);
    incoming?.end(saved);
    await monitor.execute("migrate-incoming", { uri: `fd:${QEMU_STREAMS.state}` });
    await abortable(waitForMigration(monitor), signal);
    await monitor.execute("cont");
    return machine;
  } catch (error) {
    await machine.kill();
    throw error;
  }
}
