import { DEFAULT_RUN_LIMITS, type GuestProgram, type HostBindings } from "@mcp-optimizer/contracts";
import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";
import { availableParallelism } from "node:os";
import type { Contestant } from "../contestant.ts";
import { answer, PARALLEL } from "../script.ts";

const PROGRAM: GuestProgram = {
  language: "javascript",
  source: `async () => {${PARALLEL}}`,
  namespaces: [{ name: "host", tools: ["part"] }],
};

const HOST: HostBindings = {
  call: async ({ args }) => ({ ok: true, value: answer((args[0] as { id: number }).id) }),
};

/** sandbox-wasi as it is by default: a worker per core, a lease and a fresh realm per run. */
export async function openWasi(freshInstance: boolean): Promise<Contestant> {
  const sandbox = createWasiSandbox({ freshInstance });
  return {
    inFlight: availableParallelism() * 2,
    run: async () => {
      const lease = await sandbox.lease({ tenant: "bench", limits: DEFAULT_RUN_LIMITS });
      try {
        const outcome = await lease.session.run(PROGRAM, HOST);
        if (outcome.failure !== undefined) {
          throw new Error(outcome.failure.message);
        }
        return outcome.value;
      } finally {
        await lease.dispose();
      }
    },
    close: () => sandbox.dispose(),
  };
}
