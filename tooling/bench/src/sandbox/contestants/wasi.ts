import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";
import { availableParallelism } from "node:os";
import type { Contestant } from "../contestant.ts";
import { sandboxRun } from "./sandbox-run.ts";

/** sandbox-wasi as it is by default: a worker per core, a lease and a fresh realm per run. */
export async function openWasi(freshInstance: boolean): Promise<Contestant> {
  const sandbox = createWasiSandbox({ freshInstance });
  return {
    inFlight: availableParallelism() * 2,
    run: async () => (await sandboxRun(sandbox)).value,
    close: () => sandbox.dispose(),
  };
}
