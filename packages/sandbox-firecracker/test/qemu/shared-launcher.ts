import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { z } from "zod";
import { runCommand } from "../../src/host/run-command.ts";
import { collectOutput } from "../../src/launcher/collect-output.ts";
import { createVmLauncher } from "../../src/launcher/vm-launcher.ts";
import { captureQemu, restoreQemu, type QemuTemplate } from "../../src/qemu/qemu-template.ts";
import { createQemuVmm } from "../../src/qemu/qemu-vmm.ts";
import { machineParts, type VmLauncherOptions } from "../../src/vm-launcher-options.ts";
import type { Machine, MachineEnd, MachineSpec, MachineTemplate } from "../../src/vmm/vmm.ts";

const COPY_MS = 60_000;
const KEPT = z.object({ state: z.base64(), written: z.base64(), readers: z.int().exactOptional() });
const QEMU = { program: "qemu-system-x86_64" };

/** Options of a launcher whose machines are shared. */
export interface SharedLauncherOptions extends VmLauncherOptions {
  /** Where booted machines are kept. */
  readonly templates: string;
}

/**
 * QEMU's launcher, except that a machine is booted once for all launchers with the same folder for templates, in whatever process: it
 * boots for the first one, which copies it as always, and the others copy what that one left.
 */
export function createSharedLauncher({ templates, ...options }: SharedLauncherOptions): GuestLauncher {
  const capture = async (
    spec: MachineSpec,
    ready: (machine: Machine) => Promise<void>,
    signal: AbortSignal,
  ): Promise<MachineTemplate> => {
    const folder = join(templates, await keyOf(spec));
    const kept = await read(folder);
    if (kept) {
      await replay(Buffer.from(kept.written, "base64"), ready);
      const memory = { kind: "copy", file: join(folder, "memory"), ...pick(kept.readers) } as const;
      const state = Buffer.from(kept.state, "base64");
      return { restore: (copy, abort) => restoreQemu(QEMU, copy, memory, state, abort) };
    }
    let written: Promise<Buffer> | undefined;
    const tapped = async (machine: Machine): Promise<void> => {
      written = collectOutput(machine);
      await ready(machine);
    };
    const captured = await captureQemu(QEMU, spec, tapped, signal);
    await keep(folder, captured, (await written)!);
    return captured;
  };
  return createVmLauncher({ ...createQemuVmm(QEMU), capture }, machineParts(options));
}

const pick = (readers: number | undefined): { readers?: number } =>
  readers === undefined ? {} : { readers };

/** All that a machine is made from: the archive has the agent, its limits, the drivers and process 1. */
async function keyOf({ kernel, initrd, drive, memoryMib }: MachineSpec): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([kernel, drive, memoryMib]));
  return hash.update(await readFile(initrd)).digest("hex");
}

async function read(folder: string): Promise<z.infer<typeof KEPT> | undefined> {
  const text = await readFile(join(folder, "kept.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : KEPT.parse(JSON.parse(text));
}

async function keep(folder: string, { memory, state }: QemuTemplate, written: Buffer): Promise<void> {
  const work = `${folder}.${randomBytes(4).toString("hex")}`;
  await mkdir(work, { mode: 0o755 });
  const args = ["--preserve=mode,ownership", "--sparse=always", memory.file, join(work, "memory")];
  await runCommand("cp", args, { timeoutMs: COPY_MS });
  const kept = {
    state: state.toString("base64"),
    written: written.toString("base64"),
    ...pick(memory.readers),
  };
  await writeFile(join(work, "kept.json"), JSON.stringify(kept));
  // Another may have been first.
  await rename(work, folder).catch(() => rm(work, { recursive: true }));
}

/** Shows whoever waits for a boot what the machine that was booted said. */
async function replay(written: Buffer, ready: (machine: Machine) => Promise<void>): Promise<void> {
  const { promise: ended, resolve } = Promise.withResolvers<MachineEnd>();
  const controlOutput = new PassThrough();
  const output = new PassThrough();
  controlOutput.write("idle\n");
  output.end(written);
  const input = new PassThrough();
  const kill = async (): Promise<void> => resolve({ code: 0, signal: null, detail: "" });
  await ready({ pid: 0, ended, controlOutput, controlInput: input, input, output, kill });
  await kill();
}
