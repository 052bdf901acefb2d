import {
  OptimizerError,
  type Clock,
  type ErrorCode,
  type GuestOutcome,
  type GuestProgram,
  type HostBindings,
  type Language,
  type RunLimits,
  type SandboxLease,
  type SandboxSession,
} from "@mcp-optimizer/contracts";
import { asFailure } from "../guest-run.ts";
import { ChannelSession } from "./channel-session.ts";
import type { OpenGuest } from "./open-guest.ts";

/** What a lease holds. */
export interface ChannelLeaseOptions {
  readonly limits: Readonly<RunLimits>;
  /** Gives a ready guest for one program. */
  readonly take: (language: Language, signal: AbortSignal) => Promise<OpenGuest>;
  /** Takes it back: `clean` tells whether its agent may take another program. Never rejects. */
  readonly give: (guest: OpenGuest, language: Language, clean: boolean) => Promise<void>;
  readonly clock: Clock;
  readonly release: () => void;
}

/** A turn on loan. Its runs go one after another, each in a fresh guest or in a fresh realm of its tenant's. */
export class ChannelLease implements SandboxLease, SandboxSession {
  readonly limits: Readonly<RunLimits>;
  readonly session: SandboxSession = this;
  readonly #options: ChannelLeaseOptions;
  readonly #closing = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #ended: Promise<unknown> = Promise.resolve();
  #disposed: Promise<void> | undefined;
  #endCode: ErrorCode = "cancelled";

  constructor(options: ChannelLeaseOptions) {
    this.#options = options;
    this.limits = options.limits;
  }

  async run(program: GuestProgram, host: HostBindings, signal?: AbortSignal): Promise<GuestOutcome> {
    const turn = this.#last.then(() => this.#run(program, host, signal));
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  dispose(): Promise<void> {
    this.#closing.abort();
    this.#disposed ??= this.#last.then(() => this.#ended).then(() => this.#options.release());
    return this.#disposed;
  }

  /** Ends the run because the whole backend ends. */
  shutDown(): Promise<void> {
    this.#endCode = "shutting_down";
    return this.dispose();
  }

  async #run(
    program: GuestProgram,
    host: HostBindings,
    signal: AbortSignal | undefined,
  ): Promise<GuestOutcome> {
    const { limits, clock, take, give } = this.#options;
    const stop =
      signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    if (stop.aborted) {
      return notRun(this.#endCode);
    }
    // The last guest has its end first, so that a lease never holds two.
    await this.#ended;
    let guest: OpenGuest;
    try {
      guest = await take(program.language, stop);
    } catch (error) {
      if (stop.aborted) {
        return notRun(this.#endCode);
      }
      throw error;
    }
    const session = new ChannelSession({ guest, limits, program, host, clock });
    const onAbort = (): void => session.stop(this.#endCode);
    stop.addEventListener("abort", onAbort);
    if (stop.aborted) {
      onAbort();
    }
    try {
      return await session.outcome;
    } finally {
      stop.removeEventListener("abort", onAbort);
      this.#ended = give(guest, program.language, session.clean);
    }
  }
}

function notRun(code: ErrorCode): GuestOutcome {
  return {
    failure: asFailure(new OptimizerError(code)),
    console: [],
    consoleOmittedBytes: 0,
    unhandled: [],
    usage: { cpuMs: 0, wallMs: 0 },
  };
}
