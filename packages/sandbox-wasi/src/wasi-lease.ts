import {
  OptimizerError,
  type Clock,
  type GuestOutcome,
  type GuestProgram,
  type HostBindings,
  type RunLimits,
  type SandboxLease,
  type SandboxSession,
} from "@mcp-optimizer/contracts";
import { asFailure } from "@mcp-optimizer/sandbox-guest";
import type { EngineModules } from "./pool/engine-modules.ts";
import type { GuestWorker } from "./pool/guest-worker.ts";
import { GuestExecution } from "./run/guest-execution.ts";

/** What a lease holds. */
export interface WasiLeaseOptions {
  readonly worker: GuestWorker;
  readonly limits: Readonly<RunLimits>;
  readonly modules: EngineModules;
  readonly clock: Clock;
  readonly release: () => void;
}

/** A worker on loan. Its runs go one after another, each in a fresh realm. */
export class WasiLease implements SandboxLease, SandboxSession {
  readonly limits: Readonly<RunLimits>;
  readonly session: SandboxSession = this;
  readonly #options: WasiLeaseOptions;
  #last: Promise<unknown> = Promise.resolve();
  #execution: GuestExecution | undefined;
  #disposed: Promise<void> | undefined;
  #closing = false;

  constructor(options: WasiLeaseOptions) {
    this.#options = options;
    this.limits = options.limits;
  }

  async run(program: GuestProgram, host: HostBindings, signal?: AbortSignal): Promise<GuestOutcome> {
    const turn = this.#last.then(() => this.#run(program, host, signal));
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  dispose(): Promise<void> {
    this.#closing = true;
    this.#execution?.stop("cancelled");
    this.#disposed ??= this.#last.then(() => this.#options.release());
    return this.#disposed;
  }

  /** Ends a run because the whole backend ends. */
  shutDown(): void {
    this.#closing = true;
    this.#execution?.stop("shutting_down");
  }

  #stopAsked(signal: AbortSignal | undefined): boolean {
    return this.#closing || signal?.aborted === true;
  }

  async #run(
    program: GuestProgram,
    host: HostBindings,
    signal: AbortSignal | undefined,
  ): Promise<GuestOutcome> {
    const { worker, limits, modules, clock } = this.#options;
    if (this.#stopAsked(signal)) {
      return notRun("cancelled");
    }
    if (program.language !== "javascript") {
      throw new OptimizerError("sandbox_unavailable", { detail: "this sandbox runs JavaScript only" });
    }
    if (!worker.alive) {
      throw new OptimizerError("sandbox_unavailable", {
        detail: "the guest of this lease has ended; lease another",
      });
    }
    const module = await modules.get(limits.memoryBytes);
    const execution = new GuestExecution({ worker, module, limits, program, host, clock });
    const onAbort = (): void => execution.stop("cancelled");
    this.#execution = execution;
    signal?.addEventListener("abort", onAbort);
    try {
      const outcome = execution.start();
      if (this.#stopAsked(signal)) {
        execution.stop("cancelled");
      }
      return await outcome;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#execution = undefined;
    }
  }
}

function notRun(code: "cancelled"): GuestOutcome {
  return {
    failure: asFailure(new OptimizerError(code)),
    console: [],
    consoleOmittedBytes: 0,
    unhandled: [],
    usage: { cpuMs: 0, wallMs: 0 },
  };
}
