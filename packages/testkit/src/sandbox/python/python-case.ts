import {
  DEFAULT_RUN_LIMITS,
  type GuestOutcome,
  type HostReply,
  type RunLimits,
  type SandboxBackend,
} from "@mcp-optimizer/contracts";
import type { CaseDecision } from "../agent-cases.ts";
import { BOMB_LIMITS } from "../sandbox-guest-run.ts";

/** What a case may say of a run of a Python program. */
export interface PythonRun {
  readonly limits?: Partial<RunLimits>;
  readonly seed?: number;
}

/** What a case works with. */
export interface PythonCaseContext {
  /** What a program that allocates without end may have. */
  readonly bombLimits: Partial<RunLimits>;
  /** Runs a program in a guest of its own. */
  readonly run: (source: string, options?: PythonRun) => Promise<GuestOutcome>;
}

/** One case of the suite. It fails by throwing. */
export interface PythonCase extends CaseDecision {
  readonly name: string;
  /** Milliseconds; default 30,000. */
  readonly timeout?: number;
  readonly run: (context: PythonCaseContext) => Promise<void>;
}

const NAMESPACES = [{ name: "git", tools: ["git_log", "createBranch"] }];

/** Every tool gives its name and arguments back, but those named `fail`. */
const HOST = {
  call: async ({ name, args }: { name: string; args: readonly unknown[] }): Promise<HostReply> =>
    name.endsWith("fail")
      ? { ok: false, error: { code: "tool_failed", message: "no such row", tool: name, data: { row: 7 } } }
      : { ok: true, value: JSON.parse(JSON.stringify({ name, args })) },
};

/** A context over a backend. */
export function pythonContext(
  backend: SandboxBackend,
  bombLimits: Partial<RunLimits> = BOMB_LIMITS,
): PythonCaseContext {
  return {
    bombLimits,
    run: async (source, { limits = {}, seed } = {}) => {
      const lease = await backend.lease({ tenant: "python", limits: { ...DEFAULT_RUN_LIMITS, ...limits } });
      try {
        const program = { language: "python" as const, source, namespaces: NAMESPACES };
        return await lease.session.run(seed === undefined ? program : { ...program, seed }, HOST);
      } finally {
        await lease.dispose();
      }
    },
  };
}
