import {
  OptimizerError,
  type ConsoleLine,
  type GuestFailure,
  type GuestOutcome,
  type JsonValue,
  type RunLimits,
} from "@mcp-optimizer/contracts";
import type { GuestFrame } from "./guest-frame.ts";
import { HostCallGate, type HostCallGateOptions } from "./host-call-gate.ts";
import { parseFrame, violation } from "./parse-frame.ts";
import { parseGuestJson } from "./parse-guest-json.ts";
import { runInSteps } from "./run-in-steps.ts";

const LINES_PER_STEP = 1_000;

/** How a run ended, but for what it used. */
export type GuestResult = Omit<GuestOutcome, "usage">;

/** The host's side of one run, whatever carries the frames. Nothing of it outlives the run. */
export class GuestRun {
  readonly #limits: Readonly<RunLimits>;
  readonly #gate: HostCallGate;
  readonly #console: ConsoleLine[] = [];
  #consoleBytes = 0;
  #lost = 0;
  #done = false;
  #over = false;

  constructor(options: HostCallGateOptions) {
    this.#limits = options.limits;
    this.#gate = new HostCallGate(options);
  }

  /** Tool calls that the guest waits for. */
  get openCalls(): number {
    return this.#gate.open;
  }

  /**
   * Takes a frame; give it one at a time. Resolves with the result when it is the last frame. After `end` it takes nothing.
   * Rejects with `sandbox_violation` when the guest breaks the protocol: end the guest, and `fail` the run.
   */
  async accept(text: string): Promise<GuestResult | undefined> {
    if (this.#done) {
      throw violation("a frame after the last one");
    }
    const frame = this.#over ? undefined : await parseFrame(text);
    if (frame === undefined || this.#over) {
      return undefined;
    }
    await runInSteps(this.#keepConsole(frame));
    if (this.#over) {
      return undefined;
    }
    if (frame.kind === "done") {
      this.#done = true;
      return await this.#finish(frame);
    }
    if (frame.kind === "calls") {
      this.#gate.submit(frame.calls);
    }
    return undefined;
  }

  /** Takes what was written to the console from a last waiting frame of a guest that is stopped. */
  async acceptConsole(text: string): Promise<void> {
    const frame = await parseFrame(text);
    await runInSteps(this.#keepConsole(frame));
  }

  /** Ends the run: aborts its calls, drops later answers. */
  end(): void {
    this.#over = true;
    this.#gate.end();
  }

  /** Ends the run with a failure. */
  fail(failure: GuestFailure): GuestResult {
    this.end();
    return this.#result({ failure, unhandled: [] });
  }

  async #finish(frame: Extract<GuestFrame, { kind: "done" }>): Promise<GuestResult> {
    this.end();
    const unhandled =
      frame.moreUnhandled === 0
        ? frame.unhandled
        : [
            ...frame.unhandled,
            { code: "program_failed" as const, message: `… and ${frame.moreUnhandled} more` },
          ];
    if (frame.failure !== undefined) {
      return this.#result({ failure: frame.failure, unhandled });
    }
    if (frame.value === undefined) {
      return this.#result({ unhandled });
    }
    if (Buffer.byteLength(frame.value) > this.#limits.valueBytes) {
      const detail = `the returned value takes over ${this.#limits.valueBytes} bytes. Return less.`;
      return this.#result({ failure: asFailure(new OptimizerError("output_limit", { detail })), unhandled });
    }
    let value: JsonValue;
    try {
      value = await parseGuestJson(frame.value);
    } catch (error) {
      return this.#result({ failure: asFailure(error), unhandled });
    }
    return this.#result({ value, unhandled });
  }

  #result(end: Pick<GuestResult, "value" | "failure" | "unhandled">): GuestResult {
    return { ...end, console: this.#console, consoleOmittedBytes: this.#lost };
  }

  *#keepConsole(frame: GuestFrame): Generator<void, void> {
    for (const line of frame.console) {
      this.#consoleBytes += Math.max(1, Buffer.byteLength(line.text));
      if (this.#consoleBytes > this.#limits.consoleBytes) {
        throw violation("the guest wrote more to its console than it may");
      }
      if (this.#console.push(line) % LINES_PER_STEP === 0) {
        yield;
      }
    }
    this.#lost = frame.lost;
  }
}

/** The failure of a run as an error says it. */
export function asFailure(error: unknown): GuestFailure {
  return OptimizerError.is(error)
    ? { code: error.code, message: error.message }
    : { code: "internal", message: new OptimizerError("internal").message };
}
