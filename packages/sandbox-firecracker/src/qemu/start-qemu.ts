import type { Duplex } from "node:stream";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { abortable } from "../host/abortable.ts";
import { confinedCommand } from "../host/confined-command.ts";
import { spawnMachine, type MachineProcess } from "../host/spawn-machine.ts";
import type { Machine, MachineSpec } from "../vmm/vmm.ts";
import { CODE_CACHE_MIB, QEMU_STREAMS, qemuArguments, type QemuMemory } from "./qemu-arguments.ts";
import { connectQmp, type QmpClient } from "./qmp-client.ts";

/** What QEMU may map beside the guest's memory and its code cache. */
const OWN_MIB = 1536;
const MIB = 1024 * 1024;
const FILE_HANDLES = 64;

/** How to run QEMU. */
export interface QemuOptions {
  /** The program: a path, or a name to look for in PATH. */
  readonly program: string;
}

/** A running QEMU. */
export interface StartedQemu {
  readonly machine: Machine;
  readonly monitor: QmpClient;
  /** Writes to where a copy reads its state from. */
  readonly state: Duplex | undefined;
}

/** Starts QEMU and waits until it answers. Rejects with `sandbox_unavailable`, or the signal's reason; nothing is left then. */
export async function startQemu(
  options: QemuOptions,
  spec: MachineSpec,
  memory: QemuMemory,
  signal: AbortSignal,
): Promise<StartedQemu> {
  signal.throwIfAborted();
  const command = confinedCommand(
    {
      user: spec.user,
      ...(memory.kind === "copy" &&
        memory.readers !== undefined && { group: memory.readers, preload: spec.openReadOnly }),
      addressBytes: (spec.memoryMib + CODE_CACHE_MIB + OWN_MIB) * MIB,
      fileHandles: FILE_HANDLES,
      ...(memory.kind !== "template" && { fileBytes: 0 }),
    },
    [options.program, ...qemuArguments(spec, memory)],
  );
  const process = await spawnMachine(command, { cwd: spec.folder, streams: memory.kind === "copy" ? 5 : 4 });
  try {
    const monitor = await abortable(connectQmp(required(process, "monitor")), signal);
    return { machine: toMachine(process), monitor, state: stream(process, "state") };
  } catch (cause) {
    await process.kill();
    const { detail } = await process.ended;
    if (signal.aborted) throw cause;
    throw new OptimizerError("sandbox_unavailable", {
      detail: "QEMU did not start",
      cause: new Error(detail, { cause }),
    });
  }
}

function toMachine(process: MachineProcess): Machine {
  const control = required(process, "control");
  return {
    pid: process.pid,
    ended: process.ended,
    controlOutput: control,
    controlInput: control,
    input: required(process, "input"),
    output: required(process, "output"),
    kill: () => process.kill(),
  };
}

function stream(process: MachineProcess, name: keyof typeof QEMU_STREAMS): Duplex | undefined {
  return process.streams[QEMU_STREAMS[name] - QEMU_STREAMS.control];
}

function required(process: MachineProcess, name: keyof typeof QEMU_STREAMS): Duplex {
  const found = stream(process, name);
  if (!found) throw new OptimizerError("internal", { detail: `the machine has no ${name} stream` });
  return found;
}
