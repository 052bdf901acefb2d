import type { EngineHooks } from "../vm/engine-imports.ts";
import type { RealmTemplate } from "../vm/realm-template.ts";
import { Realm } from "../vm/realm.ts";
import { Meter } from "../worker/meter.ts";
import { Program, type Turn } from "../worker/program.ts";
import { Rejections } from "../worker/rejections.ts";
import { warmUpRun } from "../worker/warm-up.ts";
import { stopFrame } from "./stop-frame.ts";

/** The host holds a program to its time, and ends this process. */
const NO_LIMITS = { cpuMs: Infinity, wallMs: Infinity };
/** The host takes no longer one. */
const FRAME_BYTES = 1024 * 1024 * 1024;
/** One reset in so many is checked byte for byte. */
const VERIFY_EVERY = 100;
const END = "\n\n";

/** What an agent runs on. */
export interface RealmAgentOptions {
  readonly template: RealmTemplate;
  /** The engine, with a maximum for its memory. */
  readonly module: WebAssembly.Module;
  /** What a program may take, in bytes. */
  readonly memoryBytes: number;
  /** Programs of our own that it runs while it waits, so that V8 compiles the engine well. */
  readonly warmUpRuns: number;
  readonly write: (text: string) => void;
  /** Ends this process: the host takes it as the end of the run. */
  readonly exit: (words: string) => void;
  readonly now: () => number;
}

/** Runs programs one after another, each in a fresh realm: JSON lines in, frames out, each with a blank line after it. */
export class RealmAgent {
  readonly #options: RealmAgentOptions;
  readonly #realm: Realm;
  readonly #rejections = new Rejections();
  readonly #noStop = new Int32Array(1);
  #program: Program | undefined;
  #timer: NodeJS.Timeout | undefined;
  #resets = 0;
  #warmUpLeft: number;
  #warmUp: NodeJS.Immediate | undefined;

  constructor(options: RealmAgentOptions) {
    this.#options = options;
    this.#warmUpLeft = options.warmUpRuns;
    const hooks: Omit<EngineHooks, "memory"> = {
      interrupt: () => false,
      rejection: (promise, reason, handled) =>
        this.#rejections.note(this.#realm.engine, promise, reason, handled),
      now: options.now,
    };
    this.#realm = new Realm(options.template, options.module, hooks);
  }

  /** Says that a program may come, and warms up while none does. */
  open(): void {
    this.#sayReady();
    this.#warmUpLater();
  }

  /** Takes a line of the host: answers to calls, a question whether all is well, or a program. */
  receive(line: string): void {
    if (line.startsWith("[")) {
      if (this.#program !== undefined) {
        clearTimeout(this.#timer);
        this.#end(this.#program.deliver(line));
      }
      return;
    }
    if (line === "") {
      return;
    }
    const message = JSON.parse(line) as { readonly source?: string; readonly start?: string };
    if (message.source === undefined || message.start === undefined) {
      this.#sayReady();
      return;
    }
    this.#realm.limitMemory(this.#options.module, this.#options.memoryBytes);
    const meter = new Meter(NO_LIMITS, 1, this.#noStop);
    this.#program = new Program(this.#realm, meter, this.#rejections, FRAME_BYTES);
    this.#end(this.#program.start({ source: message.source, start: message.start }));
  }

  #end({ frames, over, stopped, timerMs, broken }: Turn): void {
    // Frames come out of the realm: one that holds several would be read as the next program's.
    if (frames.some((frame) => frame.includes(END))) {
      this.#options.exit("a frame holds the end of a frame");
      return;
    }
    const text = frames
      // Nothing to say but that it waits.
      .filter((frame) => !(frame.startsWith("W") && frame.endsWith("\n[]")))
      .map((frame) => frame + END)
      .join("");
    clearTimeout(this.#timer);
    if (!over) {
      this.#say(text);
      if (timerMs !== undefined) {
        this.#timer = setTimeout(() => this.#end(this.#program!.wake()), timerMs);
      }
      return;
    }
    this.#program = undefined;
    const last = stopped === undefined ? "" : stopFrame(stopped, frames);
    if (last === undefined) {
      this.#options.exit(`the engine ended: ${stopped}`);
      return;
    }
    this.#say(last === "" ? text : text + last + END);
    if (this.#refresh(broken)) {
      this.#sayReady();
      this.#warmUpLater();
    }
  }

  #refresh(broken: boolean): boolean {
    this.#rejections.clear();
    if (broken) {
      this.#realm.replace();
    } else if (!this.#realm.reset(++this.#resets % VERIFY_EVERY === 0)) {
      this.#options.exit("a realm was not fresh after its reset");
      return false;
    }
    return true;
  }

  /** One run at a time, so that a program waits for no more. */
  #warmUpLater(): void {
    clearImmediate(this.#warmUp);
    this.#warmUp = setImmediate(() => {
      if (this.#warmUpLeft > 0 && this.#program === undefined) {
        this.#warmUpLeft--;
        warmUpRun(this.#realm, this.#noStop);
        if (this.#refresh(false)) {
          this.#warmUpLater();
        }
      }
    });
  }

  #sayReady(): void {
    this.#say(
      `${JSON.stringify({ ready: 1, language: "javascript", version: process.versions.node })}${END}`,
    );
  }

  #say(text: string): void {
    if (text !== "") {
      this.#options.write(text);
    }
  }
}
