import {
  OptimizerError,
  type Clock,
  type ErrorCode,
  type GuestOutcome,
  type GuestProgram,
  type HostBindings,
  type RunLimits,
} from "@mcp-optimizer/contracts";
import { asFailure, encodeStart, GuestRun, type GuestResult } from "@mcp-optimizer/sandbox-guest";
import { randomBytes } from "node:crypto";
import type { FramesMessage, GuestWorker } from "../pool/guest-worker.ts";
import { isOutOfMemory } from "./is-out-of-memory.ts";
import { stopFailure } from "./stop-failure.ts";

/** More answers than this do not wait in front of a worker that computes. In characters. */
const MOST_UNDELIVERED = 16 * 1024 * 1024;
/** Time beyond a deadline that the worker has for ending a run itself, before its thread is ended, in milliseconds. */
const GRACE_MS = 250;
/** A stretch of computing may take this much longer than the CPU that is left: threads wait for cores. */
const CPU_SLACK = 3;
const CPU_GRACE_MS = 1_000;

/** What one run is made of. */
export interface GuestExecutionOptions {
  readonly worker: GuestWorker;
  /** The engine with the memory maximum of these limits. */
  readonly module: WebAssembly.Module;
  readonly limits: Readonly<RunLimits>;
  readonly program: GuestProgram;
  readonly host: HostBindings;
  readonly clock: Clock;
}

/** One run of a program on a worker, from the first message to the outcome. */
export class GuestExecution {
  readonly #options: GuestExecutionOptions;
  readonly #run: GuestRun;
  readonly #startedAt: number;
  readonly #outcome = Promise.withResolvers<GuestOutcome>();
  #generation = 0;
  /** Frames are taken one message after another, though some need several steps. */
  #turns: Promise<void> = Promise.resolve();
  #cpuMs = 0;
  #memoryBytes = 0;
  /** Characters of answers since the worker last said something. */
  #undelivered = 0;
  #onTurn: (() => void) | undefined;
  #over = false;
  #ending: ErrorCode | undefined;
  #cancelWall: (() => void) | undefined;
  #cancelCpu: (() => void) | undefined;

  constructor(options: GuestExecutionOptions) {
    this.#options = options;
    this.#startedAt = options.clock.elapsed();
    this.#run = new GuestRun({
      limits: options.limits,
      host: options.host,
      deliver: (answers) => {
        this.#watchCpu();
        options.worker.send({ kind: "deliver", generation: this.#generation, answers });
        this.#undelivered += answers.length;
        return this.#undelivered < MOST_UNDELIVERED ? undefined : this.#nextTurn();
      },
    });
  }

  /** Starts the program. Resolves with its outcome; rejects only with `internal`. */
  start(): Promise<GuestOutcome> {
    const { worker, module, limits, program, clock } = this.#options;
    this.#generation = worker.attach(
      (message) => {
        this.#turns = this.#turns.then(() => this.#take(message));
      },
      (error) => this.#workerEnded(error),
    );
    const fresh = module !== worker.module;
    worker.module = module;
    this.#cancelWall = clock.schedule(limits.wallMs + GRACE_MS, () => this.#kill("timeout"));
    this.#watchCpu();
    worker.send({
      kind: "run",
      generation: this.#generation,
      source: program.source,
      start: encodeStart(program, limits, randomBytes(32)),
      cpuMs: limits.cpuMs,
      wallMs: limits.wallMs,
      memoryBytes: limits.memoryBytes,
      frameBytes: frameBytes(limits),
      ...(fresh ? { module } : {}),
    });
    return this.#outcome.promise;
  }

  /** Ends the run with a failure, gently if the guest lets it. */
  stop(code: ErrorCode): void {
    if (this.#over || this.#ending !== undefined) {
      return;
    }
    this.#ending = code;
    this.#run.end();
    this.#options.worker.stop(this.#generation);
    this.#cancelWall?.();
    this.#cancelWall = this.#options.clock.schedule(GRACE_MS, () => this.#kill(code));
  }

  /** A worker that says something has taken what it was told before. */
  #nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#onTurn;
      this.#onTurn = () => {
        before?.();
        this.#onTurn = undefined;
        resolve();
      };
    });
  }

  async #take(message: FramesMessage): Promise<void> {
    if (this.#over) {
      return;
    }
    this.#undelivered = 0;
    this.#onTurn?.();
    this.#cancelCpu?.();
    this.#cpuMs = message.cpuMs;
    this.#memoryBytes = message.memoryBytes;
    try {
      if (this.#ending !== undefined || message.stopped !== undefined) {
        for (const frame of message.frames) {
          await this.#run.acceptConsole(frame);
        }
        if (message.over) {
          const failure =
            this.#ending === undefined
              ? stopFailure(message.stopped!, this.#options.limits)
              : asFailure(new OptimizerError(this.#ending));
          this.#finish(this.#run.fail(failure));
        }
        return;
      }
      for (const frame of message.frames) {
        const result = await this.#run.accept(frame);
        if (result !== undefined) {
          this.#finish(result);
          return;
        }
      }
    } catch (error) {
      // The guest broke the protocol: nothing of its worker is trusted any more.
      this.#finish(this.#run.fail(asFailure(error)));
      void this.#options.worker.terminate();
    }
  }

  #kill(code: ErrorCode): void {
    if (!this.#over) {
      const reason = code === "timeout" || code === "cpu_limit" ? code : undefined;
      const failure =
        reason === undefined
          ? asFailure(new OptimizerError(code))
          : stopFailure(reason, this.#options.limits);
      this.#finish(this.#run.fail(failure));
      void this.#options.worker.terminate();
    }
  }

  #workerEnded(error: Error | undefined): void {
    if (this.#over) {
      return;
    }
    if (this.#ending !== undefined) {
      this.#kill(this.#ending);
    } else if (isOutOfMemory(error)) {
      this.#finish(this.#run.fail(stopFailure("memory_limit", this.#options.limits)));
    } else {
      this.#settle();
      this.#run.end();
      const detail = "the guest's worker ended";
      this.#outcome.reject(new OptimizerError("internal", { detail, cause: error }));
    }
  }

  /** The worker holds the CPU limit itself; this is for native code of the engine that never looks at the clock. */
  #watchCpu(): void {
    const { limits, clock } = this.#options;
    const longest = (limits.cpuMs - this.#cpuMs) * CPU_SLACK + CPU_GRACE_MS;
    this.#cancelCpu?.();
    if (longest < limits.wallMs) {
      this.#cancelCpu = clock.schedule(longest, () => this.#kill("cpu_limit"));
    }
  }

  #finish(result: GuestResult): void {
    const { clock } = this.#options;
    const wallMs = clock.elapsed() - this.#startedAt;
    this.#settle();
    const usage = { cpuMs: this.#cpuMs, wallMs, memoryBytes: this.#memoryBytes };
    this.#outcome.resolve({ ...result, usage });
  }

  #settle(): void {
    this.#over = true;
    this.#cancelWall?.();
    this.#cancelCpu?.();
    this.#options.worker.detach();
  }
}

/** The most that one frame may take: a value or a batch of arguments, and the console at its worst. */
function frameBytes(limits: Readonly<RunLimits>): number {
  const payload = Math.max(limits.valueBytes, limits.argumentBytes + 16 * 1024 * 1024);
  return payload + 6 * limits.consoleBytes + 1024 * 1024;
}
