import { OptimizerError, type Log, type RunLimits, type SandboxBound } from "@mcp-optimizer/contracts";
import {
  createProgramRunner,
  type ExecuteOptions,
  type ExecuteResult,
  type ProgramRunner,
} from "./program-runner.ts";
import type { ContainerSettings, SandboxSettings } from "./sandbox-settings.ts";

/** How a {@link HardenedSandbox} is made. */
export interface HardenedSandboxOptions extends Pick<SandboxSettings, "pool" | "maxGuests"> {
  /** A kernel of its own for each guest: `gvisor`. Without it `docker`. Default true. */
  readonly useGvisor?: boolean;
  /** What a guest may do on the network. There is one policy: it has none. Default `["deny_all"]`. */
  readonly networkPolicies?: readonly "deny_all"[];
  /** What a guest may do to files. There is one policy: only `/tmp` can be written, and goes with it. Default `["read_only"]`. */
  readonly filesystemPolicies?: readonly "read_only"[];
  /** The daemon and the image. */
  readonly container?: ContainerSettings;
  /** The most that one program may use. Default {@link RunLimits}' defaults. */
  readonly limits?: Partial<RunLimits>;
  readonly log?: Log;
}

const NETWORK: Readonly<Record<string, SandboxBound>> = { deny_all: "network" };
const FILES: Readonly<Record<string, SandboxBound>> = { read_only: "filesystem" };

/**
 * Runs programs in containers that enforce what is asked: the policies, and limits of CPU time and memory. A daemon that cannot is
 * `sandbox_unavailable`.
 */
export class HardenedSandbox implements AsyncDisposable {
  readonly #runner: ProgramRunner;

  /** Throws `invalid_params` for a policy that no sandbox here enforces. Nothing is started yet. */
  constructor(options: HardenedSandboxOptions = {}) {
    const { useGvisor = true, networkPolicies = ["deny_all"], filesystemPolicies = ["read_only"] } = options;
    const { container = {}, limits, log, pool, maxGuests } = options;
    const backend = Object.is(useGvisor, false) ? "docker" : "gvisor";
    this.#runner = createProgramRunner({
      settings: {
        backend,
        require: [
          "cpuMs",
          "memoryBytes",
          ...boundsOf("networkPolicies", networkPolicies, NETWORK),
          ...boundsOf("filesystemPolicies", filesystemPolicies, FILES),
        ],
        [backend]: container,
        ...(pool && { pool }),
        ...(maxGuests !== undefined && { maxGuests }),
      },
      limits,
      log,
    });
  }

  /** Runs a program, as `SecureSandbox` does. */
  execute(code: string, options?: ExecuteOptions): Promise<ExecuteResult> {
    return this.#runner.execute(code, options);
  }

  /** Ends all guests. A later `execute` opens the sandbox again. */
  cleanup(): Promise<void> {
    return this.#runner.cleanup();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cleanup();
  }
}

function boundsOf(
  key: string,
  policies: readonly string[],
  known: Readonly<Record<string, SandboxBound>>,
): SandboxBound[] {
  return policies.map((policy) => {
    const bound = Object.hasOwn(known, policy) ? known[policy] : undefined;
    if (bound !== undefined) return bound;
    const there = Object.keys(known).join(", ");
    throw new OptimizerError("invalid_params", {
      detail: `${key}: no sandbox enforces ${JSON.stringify(policy.slice(0, 60))}; there is ${there}`,
    });
  });
}
