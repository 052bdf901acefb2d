import { DEFAULT_RUN_LIMITS, OptimizerError } from "@mcp-optimizer/contracts";
import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";
import { afterAll, expect, test } from "vitest";
import { ATTACKS, type Attack } from "./attacks.ts";

const sandbox = createWasiSandbox({ workers: 2, warmUpRuns: 0 });
afterAll(() => sandbox.dispose());

const MIB = 1024 * 1024;
const LIMITS = { wallMs: 25_000, memoryBytes: 16 * MIB, diskBytes: 8 * MIB, outputBytes: MIB };

async function end({ module, options, end }: Attack): Promise<string> {
  // What is not to end by its CPU limit must not come near it, however busy the machine.
  const cpuMs = String(end).includes("cpu_limit") ? 150 : 20_000;
  try {
    const bytes = module();
    const outcome = await sandbox.modules.run(bytes, {
      ...options,
      limits: { ...LIMITS, cpuMs, ...options?.limits },
    });
    return outcome.failure?.code ?? String(outcome.exitCode);
  } catch (error) {
    return OptimizerError.is(error) ? error.code : String(error);
  }
}

test.concurrent.for(Object.entries(ATTACKS))("%s", async ([, attack]) => {
  const ended = await end(attack);
  expect(String(attack.end).split("|"), ended).toContain(ended);
});

test("the same workers run programs afterwards", async () => {
  const lease = await sandbox.lease({ tenant: "t", limits: DEFAULT_RUN_LIMITS });
  const program = { language: "javascript", source: "async () => 6 * 7", namespaces: [] } as const;
  const outcome = await lease.session.run(program, { call: async () => ({ ok: true }) });
  await lease.dispose();
  expect(outcome.value).toBe(42);
});
