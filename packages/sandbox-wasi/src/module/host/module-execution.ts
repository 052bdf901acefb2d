import { OptimizerError, type Clock, type ErrorCode, type GuestFailure } from "@mcp-optimizer/contracts";
import { asFailure } from "@mcp-optimizer/sandbox-guest";
import type { AboutModule, GuestWorker } from "../../pool/guest-worker.ts";
import { isOutOfMemory } from "../../run/is-out-of-memory.ts";
import { stopFailure } from "../../run/stop-failure.ts";
import type { ModuleFault, ModuleMessage, ModuleResult } from "../module-messages.ts";
import type { ModuleOutcome, ModuleOutput } from "../module-run.ts";
import { CpuWatch } from "./cpu-watch.ts";
import type { ModuleRequest } from "./module-request.ts";

/** Time that a worker has for ending a run itself, before its thread is ended, in milliseconds. */
const GRACE_MS = 100;
/** A worker that held more than this is not kept: who knows when its garbage goes. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024;
/** After these the worker goes too: the compiler may still be at work for it. */
const BUSY_FAULTS: ReadonlySet<ModuleFault | undefined> = new Set<ModuleFault>([
  "cpu_limit",
  "timeout",
  "memory_limit",
]);

/** What one run of a module is made of. */
export interface ModuleExecutionOptions {
  readonly worker: GuestWorker;
  readonly clock: Clock;
  readonly request: ModuleRequest;
  readonly code: ModuleMessage["code"];
  /** Takes what was compiled, after a run that ended by itself. */
  readonly compiled: (module: WebAssembly.Module) => void;
}

/** One run of a module on a worker. */
export class ModuleExecution {
  readonly #options: ModuleExecutionOptions;
  readonly #outcome = Promise.withResolvers<ModuleOutcome>();
  readonly #startedAt: number;
  #generation = 0;
  #over = false;
  #ending: ErrorCode | undefined;
  #cancelWall: (() => void) | undefined;
  #watch: CpuWatch | undefined;

  constructor(options: ModuleExecutionOptions) {
    this.#options = options;
    this.#startedAt = options.clock.elapsed();
  }

  /** Starts the module. Rejects with `invalid_params` or `internal`. */
  start(): Promise<ModuleOutcome> {
    const { worker, clock, request, code } = this.#options;
    this.#generation = worker.attachModule(
      (message) => this.#take(message),
      (error) => this.#workerEnded(error),
    );
    this.#cancelWall = clock.schedule(request.limits.wallMs + GRACE_MS, () => this.#kill("timeout"));
    const owned = [request.stdin, ...request.files.map(([, content]) => content)];
    if (code instanceof Uint8Array) {
      owned.push(code);
    }
    worker.send(
      { kind: "module", generation: this.#generation, code, ...request },
      owned.map(({ buffer }) => buffer),
    );
    return this.#outcome.promise;
  }

  /** Ends the run with a failure, gently if the module calls out. */
  stop(code: ErrorCode): void {
    if (this.#over || this.#ending !== undefined) {
      return;
    }
    const { worker, clock } = this.#options;
    this.#ending = code;
    worker.stop(this.#generation);
    this.#cancelWall?.();
    this.#cancelWall = clock.schedule(GRACE_MS, () => this.#kill(code));
  }

  #take(message: AboutModule): void {
    if (this.#over) {
      return;
    }
    if (message.kind === "module_started") {
      const { worker, clock, request } = this.#options;
      const exceeded = (): void => this.#kill("cpu_limit");
      this.#watch ??= new CpuWatch(worker, clock, request.limits.cpuMs, message.cpuMs, exceeded);
      return;
    }
    this.#settle();
    if (message.fault === "refused") {
      this.#outcome.reject(new OptimizerError("invalid_params", { detail: shown(message.detail) }));
      return;
    }
    const failure = this.#failureOf(message);
    if (failure === undefined && message.compiled !== undefined) {
      this.#options.compiled(message.compiled);
    }
    if (BUSY_FAULTS.has(message.fault) || heldBytes(message) > MOST_KEPT_BYTES) {
      void this.#options.worker.terminate();
    }
    this.#outcome.resolve({
      ...(failure === undefined ? { exitCode: message.exitCode! } : { failure }),
      stdout: output(message.stdout),
      stderr: output(message.stderr),
      files: new Map(message.files),
      usage: { cpuMs: message.cpuMs, wallMs: this.#wallMs(), memoryBytes: message.memoryBytes },
    });
  }

  #failureOf({ fault, detail }: ModuleResult): GuestFailure | undefined {
    const { limits } = this.#options.request;
    if (fault === undefined) {
      return undefined;
    }
    if (this.#ending !== undefined) {
      return asFailure(new OptimizerError(this.#ending));
    }
    switch (fault) {
      case "trapped":
        return { code: "program_failed", message: shown(detail) };
      case "output_limit":
        return asFailure(
          new OptimizerError(fault, {
            detail: `the module wrote over ${limits.outputBytes} bytes of output`,
          }),
        );
      case "refused":
        return { code: "invalid_params", message: shown(detail) };
      default:
        return stopFailure(fault, limits);
    }
  }

  #kill(code: ErrorCode): void {
    const { limits } = this.#options.request;
    const fault = code === "timeout" || code === "cpu_limit" || code === "memory_limit" ? code : undefined;
    this.#fail(fault === undefined ? asFailure(new OptimizerError(code)) : stopFailure(fault, limits));
    void this.#options.worker.terminate();
  }

  #workerEnded(error: Error | undefined): void {
    if (this.#over) {
      return;
    }
    if (this.#ending !== undefined) {
      this.#kill(this.#ending);
    } else if (isOutOfMemory(error)) {
      this.#kill("memory_limit");
    } else {
      this.#settle();
      const detail = "the module's worker ended";
      this.#outcome.reject(new OptimizerError("internal", { detail, cause: error }));
    }
  }

  /** Of a run whose thread is ended only the failure is left. */
  #fail(failure: GuestFailure): void {
    if (this.#over) {
      return;
    }
    this.#settle();
    const none = output(new Uint8Array());
    const usage = { cpuMs: this.#options.request.limits.cpuMs, wallMs: this.#wallMs() };
    if (failure.code !== "cpu_limit") {
      usage.cpuMs = Math.min(usage.cpuMs, usage.wallMs);
    }
    this.#outcome.resolve({ failure, stdout: none, stderr: none, files: new Map(), usage });
  }

  #wallMs(): number {
    return this.#options.clock.elapsed() - this.#startedAt;
  }

  #settle(): void {
    this.#over = true;
    this.#cancelWall?.();
    this.#watch?.stop();
    this.#options.worker.detach();
  }
}

/** Memory that a run has left as garbage in its worker, about. */
function heldBytes({ memoryBytes, files, stdout, stderr }: ModuleResult): number {
  return files.reduce((sum, [, bytes]) => sum + bytes.length, memoryBytes + stdout.length + stderr.length);
}

function output(bytes: Uint8Array): ModuleOutput {
  return { bytes, text: () => new TextDecoder().decode(bytes) };
}

/** Text that names of the module may be part of. */
function shown(detail: string | undefined): string {
  return (detail ?? "").replaceAll(/[^\x20-\x7e]/g, "?");
}
