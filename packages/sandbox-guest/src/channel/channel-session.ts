import {
  OptimizerError,
  type Clock,
  type ErrorCode,
  type GuestOutcome,
  type GuestProgram,
  type HostBindings,
  type RunLimits,
} from "@mcp-optimizer/contracts";
import { randomBytes, randomInt } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { CpuWatch } from "../cpu-watch.ts";
import { encodeStart } from "../encode-start.ts";
import type { GuestEnd } from "../guest-launcher.ts";
import { asFailure, GuestRun, type GuestResult } from "../guest-run.ts";
import { endFailure, limitFailure } from "./end-failure.ts";
import type { GuestUse, OpenGuest } from "./open-guest.ts";

/** How long a guest that has ended may take to hand over what it wrote, and one that goes on to be measured. */
const LAST_WORDS_MS = 1_000;
/** Frames are taken this long before other work of the event loop has its turn, in milliseconds. */
const TURN_MS = 4;

/** What one run is made of. */
export interface ChannelSessionOptions {
  readonly guest: OpenGuest;
  readonly limits: Readonly<RunLimits>;
  readonly program: GuestProgram;
  readonly host: HostBindings;
  readonly clock: Clock;
}

/** One run in a guest, from the first message to the outcome. A guest that is not `clean` is to be ended after it. */
export class ChannelSession {
  readonly #options: ChannelSessionOptions;
  readonly #run: GuestRun;
  readonly #startedAt: number;
  readonly #outcome = Promise.withResolvers<GuestOutcome>();
  readonly #cpu: CpuWatch;
  readonly #cancelWall: () => void;
  #used: GuestUse = {};
  #over = false;
  #saidDone = false;

  constructor(options: ChannelSessionOptions) {
    const { guest, limits, program, host, clock } = options;
    this.#options = options;
    this.#startedAt = clock.elapsed();
    let drained: Promise<void> | undefined;
    this.#run = new GuestRun({
      limits,
      host,
      deliver: (answers) => {
        const { input } = guest.channel;
        if (input.write(`${answers}\n`)) return undefined;
        // All who wait do so together: a stream warns of many listeners.
        return (drained ??= new Promise((resolve) => {
          input.once("drain", () => {
            drained = undefined;
            resolve();
          });
        }));
      },
    });
    this.#cancelWall = clock.schedule(limits.wallMs, () => {
      this.#finish(this.#run.fail(limitFailure("timeout", limits)));
    });
    this.#cpu = new CpuWatch({
      limitMs: limits.cpuMs,
      cpus: 1,
      measure: async () => (await this.#measure()).cpuMs,
      onExceeded: () => this.#finish(this.#run.fail(limitFailure("cpu_limit", limits))),
    });
    guest.reader.maxBytes = messageBytes(limits);
    guest.begin();
    guest.channel.input.write(`${startMessage(program, limits)}\n`);
    const read = this.#read();
    guest.onEnd = (end) => void this.#awaitLastWords(end, read);
    if (guest.end !== undefined) {
      guest.onEnd(guest.end);
    }
  }

  /** Resolves with the outcome; rejects only with `sandbox_unavailable` or `internal`. */
  get outcome(): Promise<GuestOutcome> {
    return this.#outcome.promise;
  }

  /** Whether the guest ended the run by itself, as agreed: its agent may take another program. */
  get clean(): boolean {
    return this.#saidDone;
  }

  /** Ends the run with a failure. */
  stop(code: ErrorCode): void {
    if (!this.#over) {
      this.#finish(this.#run.fail(asFailure(new OptimizerError(code))));
    }
  }

  async #read(): Promise<void> {
    const { reader } = this.#options.guest;
    try {
      let turnEnd = performance.now() + TURN_MS;
      for (let frame = await reader.next(); frame !== undefined && !this.#over; frame = await reader.next()) {
        const result = await this.#run.accept(frame);
        if (result !== undefined) {
          this.#saidDone = !this.#over;
          this.#finish(result);
          return;
        }
        if (performance.now() > turnEnd) {
          await setImmediate();
          turnEnd = performance.now() + TURN_MS;
        }
      }
    } catch (error) {
      this.#finish(this.#run.fail(asFailure(error)));
    }
  }

  async #awaitLastWords(end: GuestEnd, read: Promise<void>): Promise<void> {
    const { clock } = this.#options;
    const cancel = clock.schedule(LAST_WORDS_MS, () => this.#guestEnded(end));
    await read;
    cancel();
    this.#guestEnded(end);
  }

  #guestEnded(end: GuestEnd): void {
    if (this.#over) {
      return;
    }
    const failure = endFailure(end, this.#options.limits);
    if (failure !== undefined) {
      this.#finish(this.#run.fail(failure));
      return;
    }
    this.#settle();
    this.#run.end();
    const cause = new Error(`${end.reason}: ${end.detail}`);
    const detail = "the guest was lost while its program ran; the log says why";
    this.#outcome.reject(new OptimizerError("sandbox_unavailable", { detail, cause }));
  }

  #finish(result: GuestResult): void {
    if (this.#over) {
      return;
    }
    const wallMs = this.#options.clock.elapsed() - this.#startedAt;
    this.#settle();
    void this.#tell(result, wallMs);
  }

  async #tell(result: GuestResult, wallMs: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = this.#options.clock.schedule(LAST_WORDS_MS, late.resolve);
    await Promise.race([this.#measure().catch(() => undefined), late.promise]);
    cancel();
    const { cpuMs = 0, memoryBytes } = this.#used;
    const usage = { cpuMs, wallMs, ...(memoryBytes !== undefined && { memoryBytes }) };
    this.#outcome.resolve({ ...result, usage });
  }

  async #measure(): Promise<GuestUse> {
    const used = await this.#options.guest.usage();
    this.#used = { ...this.#used, ...used };
    return used;
  }

  #settle(): void {
    this.#over = true;
    this.#options.guest.onEnd = undefined;
    this.#cancelWall();
    this.#cpu.stop();
  }
}

function startMessage(program: GuestProgram, limits: Readonly<RunLimits>): string {
  return JSON.stringify({
    source: program.source,
    start: encodeStart(program, limits, randomBytes(32)),
    random: randomInt(1, 2 ** 31),
  });
}

/** The most that one message may take: a value or a batch of arguments at three bytes a character, and the console at its worst. */
function messageBytes(limits: Readonly<RunLimits>): number {
  const payload = 3 * Math.max(limits.valueBytes, limits.argumentBytes + 4 * 1024 * 1024);
  return payload + 6 * limits.consoleBytes + 1024 * 1024;
}
