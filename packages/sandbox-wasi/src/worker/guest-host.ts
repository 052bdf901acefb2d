import type { ModuleMessage } from "../module/module-messages.ts";
import { Meter, threadCpuMs } from "./meter.ts";
import type { FromWorker, RunMessage, ToWorker, WorkerSettings } from "./messages.ts";
import { Program, type Turn } from "./program.ts";
import { Rejections } from "./rejections.ts";
import { warmUpRun } from "./warm-up.ts";
import { buildRealmTemplate } from "../vm/realm-template.ts";
import { Realm } from "../vm/realm.ts";

/** Warm-up runs between two looks at the worker's messages. */
const WARM_UP_SLICE = 1;

/** What the inside of a worker runs on. Nothing of the thread itself, so that tests can drive it. */
export interface GuestHostPorts {
  /** Posts a message; buffers in `owned` go with it. */
  readonly post: (message: FromWorker, owned?: readonly ArrayBuffer[]) => void;
  readonly now: () => number;
}

/** The inside of a worker: one realm, one program at a time. */
export class GuestHost {
  readonly #settings: WorkerSettings;
  readonly #ports: GuestHostPorts;
  readonly #stopFlag: Int32Array;
  readonly #realm: Realm;
  readonly #rejections = new Rejections();
  #module: WebAssembly.Module;
  #program: Program | undefined;
  #meter: Meter | undefined;
  #generation = 0;
  #timer: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #resets = 0;
  #warmUpLeft: number;
  #tainted = false;

  constructor(settings: WorkerSettings, ports: GuestHostPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#stopFlag = new Int32Array(settings.stopFlag);
    this.#module = settings.module;
    this.#warmUpLeft = settings.warmUpRuns;
    const template = buildRealmTemplate(settings.module, settings.harness, ports.now);
    this.#realm = new Realm(template, settings.module, {
      interrupt: () => this.#meter?.interrupt() ?? false,
      rejection: (promise, reason, handled) => {
        this.#rejections.note(this.#realm.engine, promise, reason, handled);
      },
      now: ports.now,
    });
  }

  /** The realm, for tests of what a reset leaves. */
  get realm(): Realm {
    return this.#realm;
  }

  /** Says that programs may come, and warms up while none does. */
  open(): void {
    this.#ports.post({ kind: "ready" });
    setImmediate(() => this.#warmUp());
  }

  receive(message: ToWorker): void {
    if (this.#tainted) {
      // Nothing runs here any more; the host ends this worker.
    } else if (message.kind === "run") {
      this.#run(message);
    } else if (message.kind === "module") {
      void this.#runModule(message);
    } else if (message.generation !== this.#generation || this.#program === undefined) {
      // Said of a run that is over.
    } else if (message.kind === "deliver") {
      clearTimeout(this.#timer);
      this.#end(this.#program.deliver(message.answers));
    } else {
      this.#end(this.#program.stop("stopped"));
    }
  }

  #run(message: RunMessage): void {
    this.#warmUpLeft = 0;
    this.#generation = message.generation;
    this.#module = message.module ?? this.#module;
    this.#realm.limitMemory(this.#module, message.memoryBytes);
    this.#meter = new Meter(message, message.generation, this.#stopFlag);
    this.#program = new Program(this.#realm, this.#meter, this.#rejections, message.frameBytes);
    this.#end(this.#program.start(message));
  }

  /** Runs a module beside the realm, which it does not touch. Its code is loaded by the first one. */
  async #runModule(message: ModuleMessage): Promise<void> {
    const { generation } = message;
    this.#warmUpLeft = 0;
    this.#generation = generation;
    const { runModule } = await import("../module/run-module.ts");
    const meter = new Meter(message.limits, generation, this.#stopFlag);
    this.#ports.post({ kind: "module_started", generation, cpuMs: threadCpuMs() });
    const result = runModule(message, { meter, sleep: (ms) => this.#sleep(ms) });
    const contents = result.files.map(([, content]) => content.buffer);
    this.#ports.post(result, [...new Set([result.stdout.buffer, result.stderr.buffer, ...contents])]);
  }

  /** Sleeps until the time is over or a run shall stop. */
  #sleep(ms: number): void {
    const seen = Atomics.load(this.#stopFlag, 0);
    if (seen !== this.#generation) {
      Atomics.store(this.#stopFlag, 1, 1);
      Atomics.wait(this.#stopFlag, 0, seen, ms);
      Atomics.store(this.#stopFlag, 1, 0);
    }
  }

  /** Posts what a turn gave, and waits, or makes the realm fresh. */
  #end(turn: Turn): void {
    this.#ports.post({
      kind: "frames",
      generation: this.#generation,
      frames: turn.frames,
      over: turn.over,
      ...(turn.stopped === undefined ? {} : { stopped: turn.stopped }),
      cpuMs: this.#meter!.used,
      memoryBytes: this.#realm.memoryBytes,
    });
    clearTimeout(this.#timer);
    if (turn.over) {
      clearTimeout(this.#deadline);
      this.#deadline = undefined;
      this.#program = undefined;
      this.#meter = undefined;
      this.#refresh(turn.broken);
      return;
    }
    const generation = this.#generation;
    this.#deadline ??= setTimeout(() => {
      if (this.#generation === generation && this.#program !== undefined) {
        this.#end(this.#program.stop("timeout"));
      }
    }, this.#meter!.wallLeft);
    if (turn.timerMs !== undefined) {
      this.#timer = setTimeout(() => {
        if (this.#generation === generation && this.#program !== undefined) {
          this.#end(this.#program.wake());
        }
      }, turn.timerMs);
    }
  }

  #refresh(broken: boolean): void {
    this.#rejections.clear();
    if (broken || this.#settings.freshInstance) {
      this.#realm.replace();
    } else if (!this.#realm.reset(++this.#resets % this.#settings.verifyEvery === 0)) {
      this.#tainted = true;
      this.#ports.post({ kind: "tainted" });
    }
  }

  #warmUp(): void {
    for (let i = 0; i < WARM_UP_SLICE && this.#warmUpLeft > 0 && !this.#tainted; i++) {
      this.#warmUpLeft--;
      warmUpRun(this.#realm, this.#stopFlag);
      this.#refresh(false);
    }
    if (this.#warmUpLeft > 0) {
      setImmediate(() => this.#warmUp());
    }
  }
}
