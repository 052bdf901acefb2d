import {
  DEFAULT_RUN_LIMITS,
  type GuestOutcome,
  type GuestProgram,
  type HostBindings,
  type SandboxBackend,
} from "@mcp-optimizer/contracts";
import { answer, PARALLEL } from "../script.ts";

const PROGRAM: GuestProgram = {
  language: "javascript",
  source: `async () => {${PARALLEL}}`,
  namespaces: [{ name: "host", tools: ["part"] }],
};

const HOST: HostBindings = {
  call: async ({ args }) => ({ ok: true, value: answer((args[0] as { id: number }).id) }),
};

/** A lease, a run of the script and the end of the lease. Throws when the program failed. */
export async function sandboxRun(sandbox: SandboxBackend): Promise<GuestOutcome> {
  const lease = await sandbox.lease({ tenant: "bench", limits: DEFAULT_RUN_LIMITS });
  try {
    const outcome = await lease.session.run(PROGRAM, HOST);
    if (outcome.failure !== undefined) throw new Error(outcome.failure.message);
    return outcome;
  } finally {
    await lease.dispose();
  }
}
