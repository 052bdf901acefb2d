import { descriptorCalls } from "./descriptor-calls.ts";
import { ERRNO, WasiError } from "./errno.ts";
import { fileCalls } from "./file-calls.ts";
import type { ModuleHost } from "./module-host.ts";
import { pathCalls } from "./path-calls.ts";
import { pathChangeCalls } from "./path-change-calls.ts";
import { pollCalls } from "./poll-calls.ts";
import { processCalls } from "./process-calls.ts";
import { SIGNATURES, type CallName, type Calls } from "./signatures.ts";

type AnyCall = (...args: (number | bigint)[]) => void;

/** The imports of a module: preview1 over memory, and nothing else. */
export function preview1Imports(host: ModuleHost): WebAssembly.Imports {
  const calls: Calls<CallName> = {
    ...processCalls(host),
    ...pollCalls(host),
    ...descriptorCalls(host),
    ...fileCalls(host),
    ...pathCalls(host),
    ...pathChangeCalls(host),
  };
  const imports: Record<string, (...args: never[]) => unknown> = Object.create(null);
  for (const name of Object.keys(SIGNATURES) as CallName[]) {
    imports[name] = guarded(host, calls[name] as AnyCall);
  }
  return Object.assign(Object.create(null), { wasi_snapshot_preview1: imports });
}

/** Makes a call of ours into one for the module: unsigned arguments, an error number, and a look at the limits. */
function guarded(host: ModuleHost, call: AnyCall): (...args: (number | bigint)[]) => number {
  return (...args) => {
    host.tick();
    for (let i = 0; i < args.length; i++) {
      const value = args[i]!;
      args[i] = typeof value === "number" ? value >>> 0 : value;
    }
    try {
      call(...args);
      return ERRNO.success;
    } catch (error) {
      if (error instanceof WasiError) {
        return error.errno;
      }
      throw error;
    }
  };
}
