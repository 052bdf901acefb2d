import { OptimizerError, type Log, type RunLimits } from "@mcp-optimizer/contracts";
import { parseSandboxSettings } from "./parse-sandbox-settings.ts";
import {
  createProgramRunner,
  type ExecuteOptions,
  type ExecuteResult,
  type ProgramRunner,
} from "./program-runner.ts";
import type { SandboxSettings } from "./sandbox-settings.ts";

/** How a {@link SecureSandbox} is made. */
export interface SecureSandboxOptions extends SandboxSettings {
  /**
   * `false` runs programs without walls, in plain processes (`basic`) whatever `backend` says, for development: it warns, on the log or
   * else as a warning of this process, and is refused where `NODE_ENV` is `production`. Default true.
   */
  readonly enabled?: boolean;
  /** The most that one program may use. Default {@link RunLimits}' defaults. */
  readonly limits?: Partial<RunLimits>;
  readonly log?: Log;
  /** Where `NODE_ENV` is read. Default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Runs programs, each in a guest of its own, in a sandbox chosen by name. Default `docker`. */
export class SecureSandbox implements AsyncDisposable {
  readonly #runner: ProgramRunner;

  /** Throws `config_invalid`. Nothing is started yet. */
  constructor(options: SecureSandboxOptions = {}) {
    const { enabled = true, limits, log, environment = process.env, ...chosen } = options;
    const settings = parseSandboxSettings({ backend: "docker", ...chosen });
    // Anything but false leaves the walls up: what comes from JSON may be null.
    const plain = Object.is(enabled, false);
    if (plain && environment["NODE_ENV"] === "production") {
      throw new OptimizerError("config_invalid", {
        detail:
          "enabled: false runs programs without a sandbox, which is refused while NODE_ENV is production",
      });
    }
    this.#runner = plain
      ? createProgramRunner({
          settings: { ...settings, backend: "basic" },
          limits,
          log: log ?? processWarning,
        })
      : createProgramRunner({ settings, limits, log });
  }

  /**
   * Runs a program. One that throws has exit code 1 and its error on stderr. Rejects with `timeout`, `cpu_limit`, `memory_limit`,
   * `output_limit`, `invalid_params` for limits out of range, `sandbox_unavailable`, `cancelled`.
   */
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

/** Warnings of this process go to standard error, once each. */
const processWarning: Log = ({ level, message }) => {
  if (level === "warn" || level === "error") process.emitWarning(message, "SandboxWarning");
};
