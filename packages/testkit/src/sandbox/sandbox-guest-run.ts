import {
  DEFAULT_RUN_LIMITS,
  type GuestOutcome,
  type GuestNamespace,
  type HostBindings,
  type HostReply,
  type JsonValue,
  type RunLimits,
  type SandboxBackend,
} from "@mcp-optimizer/contracts";
import type { CaseDecision } from "./agent-cases.ts";

/** What a case may say of a run. */
export interface CaseRun {
  readonly limits?: Partial<RunLimits>;
  readonly host?: HostBindings;
  readonly namespaces?: readonly GuestNamespace[];
  readonly seed?: number;
  readonly tenant?: string;
  readonly signal?: AbortSignal;
}

/** What a case works with. */
export interface SandboxCaseContext {
  readonly backend: SandboxBackend;
  /** Another backend of the same kind, for a case that ends it. */
  readonly another: () => Promise<SandboxBackend>;
  /** How many times longer than named the times in `limits` of a run are. */
  readonly slowness: number;
  /** How often to do what a case usually does `usual` times: fewer, but at least 4, where guests are dear. */
  readonly times: (usual: number) => number;
  /** What a program that allocates without end may have. */
  readonly bombLimits: Partial<RunLimits>;
  /** Leases a guest, runs the body of an async function, and gives the guest back. */
  readonly run: (body: string, options?: CaseRun) => Promise<GuestOutcome>;
  /** The value of a program; rejects when it has a failure. */
  readonly value: (body: string, options?: CaseRun) => Promise<JsonValue | undefined>;
}

/** One case of the suite. It fails by throwing. */
export interface SandboxCase extends CaseDecision {
  readonly name: string;
  /** Milliseconds; default 30,000. */
  readonly timeout?: number;
  readonly run: (context: SandboxCaseContext) => Promise<void>;
}

/** The tools of a case's programs, unless it brings its own. */
const NAMESPACES: readonly GuestNamespace[] = [{ name: "fixture", tools: ["echo", "fail"] }];

/** A host with three tools: `echo` gives its arguments back, `fail` fails, `nothing` answers without a value. */
export const ECHO_HOST: HostBindings = {
  call: async ({ name, args }): Promise<HostReply> => {
    if (name === "fixture.nothing") {
      return { ok: true };
    }
    if (name === "fixture.fail") {
      const error = { code: "tool_failed", message: "no such row", tool: name, data: { row: 7 } } as const;
      return { ok: false, error };
    }
    return { ok: true, value: { name, args: [...args] } };
  },
};

/** What a program that allocates without end may have, unless its suite says otherwise. */
export const BOMB_LIMITS: Readonly<Partial<RunLimits>> = { memoryBytes: 32 * 1024 * 1024 };

/** A context over a backend. */
export function caseContext(
  backend: SandboxBackend,
  another: () => Promise<SandboxBackend>,
  slowness: number = 1,
  repeats: number = 1,
  bombLimits: Partial<RunLimits> = BOMB_LIMITS,
): SandboxCaseContext {
  const run = async (body: string, options: CaseRun = {}): Promise<GuestOutcome> => {
    const limits = { ...DEFAULT_RUN_LIMITS, ...options.limits };
    for (const time of ["cpuMs", "wallMs"] as const) {
      limits[time] = options.limits?.[time] === undefined ? limits[time] : limits[time] * slowness;
    }
    const lease = await backend.lease({ tenant: options.tenant ?? "suite", limits });
    try {
      const program = {
        language: "javascript" as const,
        source: `async () => {${body}\n}`,
        namespaces: options.namespaces ?? NAMESPACES,
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      };
      return await lease.session.run(program, options.host ?? ECHO_HOST, options.signal);
    } finally {
      await lease.dispose();
    }
  };
  return {
    backend,
    another,
    slowness,
    bombLimits,
    times: (usual) => Math.max(4, Math.ceil(usual * repeats)),
    run,
    value: async (body, options) => {
      const { failure, value } = await run(body, options);
      if (failure !== undefined) {
        throw new Error(`${failure.code}: ${failure.name ?? ""} ${failure.message}`);
      }
      return value;
    },
  };
}
