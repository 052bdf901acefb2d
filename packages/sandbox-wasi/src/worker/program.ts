import { EngineError, MessageTooLong, Unwind } from "../vm/engine-error.ts";
import type { Realm } from "../vm/realm.ts";
import type { RunMessage, StopReason } from "./messages.ts";
import type { Meter } from "./meter.ts";
import type { Rejections } from "./rejections.ts";

/** Jobs between two looks at the limits. */
const JOBS_PER_CHECK = 64;

/** What a turn of a program gave. */
export interface Turn {
  readonly frames: readonly string[];
  readonly over: boolean;
  readonly stopped?: StopReason;
  /** Milliseconds until the next timer of a program that waits. */
  readonly timerMs?: number;
  /** Whether the instance is beyond a reset. */
  readonly broken: boolean;
}

/** One program in a realm: it computes in turns, and waits in between. */
export class Program {
  readonly #realm: Realm;
  readonly #meter: Meter;
  readonly #rejections: Rejections;
  readonly #frameBytes: number;
  readonly #startedAt: number;

  constructor(realm: Realm, meter: Meter, rejections: Rejections, frameBytes: number) {
    this.#realm = realm;
    this.#meter = meter;
    this.#rejections = rejections;
    this.#frameBytes = frameBytes;
    this.#startedAt = performance.now();
  }

  /** The first turn. */
  start({ source, start }: Pick<RunMessage, "source" | "start">): Turn {
    return this.#turn(() => {
      const { engine, functions } = this.#realm;
      const program = this.#evaluate(source);
      const args = engine.newString(start);
      engine.free(engine.call(functions.start, program, args));
      engine.free(args);
    });
  }

  /** The turn after answers came. */
  deliver(answers: string): Turn {
    return this.#turn(() => {
      const { engine, functions } = this.#realm;
      const text = engine.newString(answers);
      engine.free(engine.call(functions.deliver, text));
      engine.free(text);
    });
  }

  /** The turn after a timer fired. */
  wake(): Turn {
    return this.#turn(() => undefined);
  }

  /** Ends a program that waits. */
  stop(reason: StopReason): Turn {
    return { frames: this.#lastWord(), over: true, stopped: reason, broken: false };
  }

  #turn(begin: () => void): Turn {
    const frames: string[] = [];
    this.#meter.enter();
    try {
      begin();
      return this.#advance(frames);
    } catch (error) {
      return this.#stopped(error, frames);
    } finally {
      this.#meter.leave();
    }
  }

  #advance(frames: string[]): Turn {
    const { engine, functions } = this.#realm;
    for (;;) {
      this.#runJobs();
      const now = engine.newNumber(performance.now() - this.#startedAt);
      const frame = engine.takeString(engine.call(functions.poll, now), this.#frameBytes);
      engine.free(now);
      this.#throwWhenOver();
      if (frame.startsWith("F")) {
        this.#rejections.report(engine, functions.reportUnhandled);
        frames.push(engine.takeString(engine.call(functions.finish), this.#frameBytes));
        this.#throwWhenOver();
        return { frames, over: true, broken: false };
      }
      if (frame.startsWith("W")) {
        frames.push(frame);
        const due = dueOf(frame);
        return {
          frames,
          over: false,
          broken: false,
          ...(due === undefined ? {} : { timerMs: Math.max(0, due - (performance.now() - this.#startedAt)) }),
        };
      }
      if (!frame.startsWith("R")) {
        frames.push(frame);
      }
    }
  }

  #runJobs(): void {
    const { engine } = this.#realm;
    for (let jobs = 1; ; jobs++) {
      let ran: boolean;
      try {
        ran = engine.runJob();
      } catch (error) {
        if (!(error instanceof EngineError) || error.outOfMemory) {
          throw error;
        }
        // A job that throws has nobody to tell: only an interrupted program gets here.
        ran = true;
      }
      if (!ran) {
        break;
      }
      if (jobs % JOBS_PER_CHECK === 0) {
        this.#meter.check();
      }
      this.#throwWhenOver();
    }
    this.#throwWhenOver();
  }

  #throwWhenOver(): void {
    if (this.#meter.reason !== undefined) {
      throw new EngineError("interrupted", false);
    }
  }

  /** The program's function, or the error that its evaluation threw: the harness tells them apart. */
  #evaluate(source: string): number {
    try {
      return this.#realm.engine.evaluate(`(${source}\n)`, "program.js");
    } catch (error) {
      this.#throwWhenOver();
      if (error instanceof EngineError && !error.outOfMemory && error.thrown !== undefined) {
        return error.thrown;
      }
      throw error;
    }
  }

  #stopped(error: unknown, frames: string[]): Turn {
    if (error instanceof Unwind) {
      return { frames, over: true, stopped: this.#meter.reason ?? "cpu_limit", broken: false };
    }
    if (error instanceof MessageTooLong) {
      return { frames: [...frames, ...this.#lastWord()], over: true, stopped: "output_limit", broken: false };
    }
    if (error instanceof EngineError) {
      const stopped = this.#meter.reason ?? (error.outOfMemory ? "memory_limit" : "harness_failed");
      return { frames: [...frames, ...this.#lastWord()], over: true, stopped, broken: false };
    }
    // The engine itself failed: V8's stack overflowed, or the module trapped. This instance is done for.
    return {
      frames,
      over: true,
      stopped: error instanceof RangeError ? "too_deep" : "trapped",
      broken: true,
    };
  }

  /** What the program wrote before it was stopped, where the guest can still say. */
  #lastWord(): string[] {
    const { engine, functions } = this.#realm;
    this.#meter.allowLastWord();
    try {
      return [engine.takeString(engine.call(functions.flush), this.#frameBytes)];
    } catch {
      return [];
    }
  }
}

function dueOf(frame: string): number | undefined {
  const due = /^W\{"due":(\d{1,15}),/.exec(frame)?.[1];
  return due === undefined ? undefined : Number(due);
}
