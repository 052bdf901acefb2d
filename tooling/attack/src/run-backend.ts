import { openSandbox, type SandboxName } from "@mcp-optimizer/sandbox";
import { startSandboxServices } from "@mcp-optimizer/services";
import { ATTACK_LIMITS, ATTACKS, runAttacks, type AttackReport } from "@mcp-optimizer/testkit/attacks";
import type { AttackArguments } from "./parse-arguments.ts";

/** How many times longer a run may take where guests are slow. */
const PATIENCE: Readonly<Record<string, number>> = { docker: 2, gvisor: 4, firecracker: 6 };

/** How many times more CPU time a run may take where the processor is emulated. */
const SLOWNESS: Readonly<Record<string, number>> = { firecracker: 8 };

/** A report with what it was made on. */
export interface BackendReport extends AttackReport {
  /** What ran the machines, where there are any. */
  readonly vmm?: string;
}

/** Starts what a backend needs, runs the attacks on it, and ends everything. */
export async function runBackend(
  { backend: name, only, concurrency, realms }: AttackArguments,
  tell: (line: string) => void,
): Promise<BackendReport> {
  if (!ATTACKS.some(({ id }) => id.startsWith(only)))
    throw new Error(`No attack's id begins with "${only}".`);
  const services = await startSandboxServices(name);
  try {
    const settings = { backend: name as SandboxName, realms, pool: { size: 3 }, ...services.settings };
    const slowness = SLOWNESS[name] ?? 1;
    const limits = { ...ATTACK_LIMITS, cpuMs: ATTACK_LIMITS.cpuMs * slowness };
    const backend = await openSandbox(settings, { limits });
    try {
      const report = await runAttacks({
        backend,
        only,
        concurrency,
        patience: PATIENCE[name] ?? 1,
        slowness,
        onResult: ({ id, language, held, note }) => {
          if (!held) tell(`${id} (${language}): ${note}`);
        },
      });
      const vmm = services.settings.firecracker?.vmm;
      return { ...report, backend: name, ...(vmm !== undefined && { vmm }) };
    } finally {
      await backend.dispose();
    }
  } finally {
    await services.stop();
  }
}
