import type { Meter } from "../worker/meter.ts";
import type { ModuleFault, ModuleMessage, ModuleResult } from "./module-messages.ts";
import { ModuleRefused } from "./module-refused.ts";
import { prepareModule } from "./prepare-module.ts";
import { preview1Imports } from "./preview1/imports.ts";
import { ModuleHost } from "./preview1/module-host.ts";
import { ByteStore } from "./tree/byte-store.ts";
import { FileTree } from "./tree/file-tree.ts";
import { placeFiles, takeWritten } from "./tree/place-files.ts";

/** A trap with at least this part of the memory limit in use is told as the limit: a failed growth itself is not seen. */
const NEARLY_FULL = 15 / 16;
const MOST_DETAIL = 200;

/** What the inside of a worker lends to a module. */
export interface ModulePorts {
  readonly meter: Meter;
  readonly sleep: (ms: number) => void;
}

type Ending = Pick<ModuleResult, "exitCode" | "fault" | "detail" | "compiled">;

/** Runs a module to its end, in this thread. A module that never calls out is ended with the thread. */
export function runModule(message: ModuleMessage, { meter, sleep }: ModulePorts): ModuleResult {
  const { limits } = message;
  meter.enter();
  const tree = new FileTree(limits.diskBytes, () => BigInt(Date.now()) * 1_000_000n);
  let placed: ReturnType<typeof placeFiles> = new Map();
  let host: ModuleHost | undefined;
  let memory: WebAssembly.Memory | undefined;
  let ending: Ending;
  try {
    placed = place(tree, message);
    host = new ModuleHost({
      ...message,
      tree,
      fileHandles: limits.fileHandles,
      outputBytes: limits.outputBytes,
      mustStop: () => meter.check(),
      sleep: (ms) => sleep(Math.min(ms, Math.max(0, Math.ceil(meter.wallLeft)))),
    });
    const module = compile(message);
    memory = start(module, host);
    ending = module === message.code ? {} : { compiled: module };
    ending = { ...ending, exitCode: host.exitCode ?? 0 };
  } catch (error) {
    ending = endingOf(error, host, meter);
  }
  const memoryBytes = memory?.buffer.byteLength ?? host?.memory.length ?? 0;
  if (ending.fault === "trapped" && memoryBytes >= limits.memoryBytes * NEARLY_FULL) {
    ending = { fault: "memory_limit" };
  }
  meter.leave();
  return {
    kind: "module",
    generation: message.generation,
    ...ending,
    stdout: (host?.stdout ?? new ByteStore()).take(),
    stderr: (host?.stderr ?? new ByteStore()).take(),
    files: takeWritten(tree, placed),
    cpuMs: meter.used,
    memoryBytes,
  };
}

function place(tree: FileTree, { files }: ModuleMessage): ReturnType<typeof placeFiles> {
  try {
    return placeFiles(tree, files);
  } catch (error) {
    const why = error instanceof RangeError ? `a path ${error.message}` : "too many, or a path is too long";
    throw new ModuleRefused("invalid_params", `The files cannot be placed: ${why}.`);
  }
}

function compile({ code, limits }: ModuleMessage): WebAssembly.Module {
  if (code instanceof WebAssembly.Module) {
    return code;
  }
  const bytes = prepareModule(code, limits.memoryBytes);
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw new ModuleRefused("invalid_params", (error as Error).message.slice(0, MOST_DETAIL));
  }
}

function start(module: WebAssembly.Module, host: ModuleHost): WebAssembly.Memory {
  const exports = WebAssembly.Module.exports(module);
  const has = (name: string, kind: string): boolean =>
    exports.some((entry) => entry.name === name && entry.kind === kind);
  if (!has("_start", "function")) {
    throw new ModuleRefused("invalid_params", "The module exports no function `_start`: it is no command.");
  }
  if (!has("memory", "memory")) {
    throw new ModuleRefused("invalid_params", "The module does not export its memory as `memory`.");
  }
  const instance = new WebAssembly.Instance(module, preview1Imports(host));
  const memory = instance.exports["memory"] as WebAssembly.Memory;
  host.memory.attach(memory);
  try {
    (instance.exports["_start"] as () => void)();
  } catch (error) {
    if (host.exitCode === undefined) {
      throw error;
    }
  }
  return memory;
}

function endingOf(error: unknown, host: ModuleHost | undefined, meter: Meter): Ending {
  if (error instanceof ModuleRefused) {
    return error.code === "memory_limit"
      ? { fault: "memory_limit", detail: error.message }
      : { fault: "refused", detail: error.message };
  }
  if (host?.stop !== undefined) {
    return { fault: host.stop === "limits" ? limitOf(meter) : host.stop };
  }
  if (host?.exitCode !== undefined) {
    return { exitCode: host.exitCode };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : "an exception of the module";
  return { fault: "trapped", detail: text.slice(0, MOST_DETAIL) };
}

function limitOf(meter: Meter): ModuleFault {
  const { reason } = meter;
  return reason === "cpu_limit" || reason === "timeout" ? reason : "stopped";
}
