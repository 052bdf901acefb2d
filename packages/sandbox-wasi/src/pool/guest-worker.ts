import { Worker } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerSettings } from "../worker/messages.ts";

/** The worker's file: as TypeScript when this package is used from source. */
const WORKER_FILE = new URL(
  `../worker/worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
  import.meta.url,
);

/** Messages about the frames of a run. */
export type FramesMessage = Extract<FromWorker, { kind: "frames" }>;

/** Messages about the run of a module. */
export type AboutModule = Extract<FromWorker, { kind: "module" | "module_started" }>;

/** What is told of a worker as it happens. */
export interface GuestWorkerEvents {
  readonly ready: (worker: GuestWorker) => void;
  /** A reset left something behind. */
  readonly tainted: (worker: GuestWorker) => void;
  /** The thread ended; `error` is why, when nobody asked for it. */
  readonly ended: (worker: GuestWorker, error: Error | undefined) => void;
}

/** One worker thread with one guest in it. */
export class GuestWorker {
  readonly #worker: Worker;
  readonly #stopFlag: Int32Array;
  #generation = 0;
  #error: Error | undefined;
  #onFrames: ((message: FramesMessage) => void) | undefined;
  #onModule: ((message: AboutModule) => void) | undefined;
  #onEnd: ((error: Error | undefined) => void) | undefined;
  /** The module that its guest was last given. */
  module: WebAssembly.Module;
  alive = true;

  constructor(settings: Omit<WorkerSettings, "stopFlag">, events: GuestWorkerEvents) {
    const stopFlag = new SharedArrayBuffer(8);
    this.#stopFlag = new Int32Array(stopFlag);
    this.module = settings.module;
    this.#worker = new Worker(WORKER_FILE, {
      workerData: { ...settings, stopFlag } satisfies WorkerSettings,
      env: {},
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    this.#worker.unref();
    this.#worker.on("message", (message: FromWorker) => {
      if (message.kind === "frames") {
        if (message.generation === this.#generation) {
          this.#onFrames?.(message);
        }
      } else if (message.kind === "module" || message.kind === "module_started") {
        if (message.generation === this.#generation) {
          this.#onModule?.(message);
        }
      } else {
        events[message.kind](this);
      }
    });
    this.#worker.on("error", (error) => {
      this.#error = error as Error;
    });
    this.#worker.on("exit", () => {
      this.alive = false;
      const onEnd = this.#onEnd;
      this.detach();
      onEnd?.(this.#error);
      events.ended(this, this.#error);
    });
  }

  /** Begins a run: its frames go to `onFrames`, the thread's end to `onEnd`. Returns the run's generation. */
  attach(onFrames: (message: FramesMessage) => void, onEnd: (error: Error | undefined) => void): number {
    this.#onFrames = onFrames;
    this.#onEnd = onEnd;
    return ++this.#generation;
  }

  /** Begins the run of a module, as `attach` does that of a program. */
  attachModule(onModule: (message: AboutModule) => void, onEnd: (error: Error | undefined) => void): number {
    this.#onModule = onModule;
    this.#onEnd = onEnd;
    return ++this.#generation;
  }

  /** Ends a run for the host: what still comes of it is dropped. */
  detach(): void {
    this.#onFrames = undefined;
    this.#onModule = undefined;
    this.#onEnd = undefined;
    this.#generation++;
  }

  /** Sends a message; buffers in `owned` go with it and are empty here. */
  send(message: ToWorker, owned: readonly ArrayBuffer[] = []): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window.
    this.#worker.postMessage(message, owned);
  }

  /** Asks a run to stop, whether it waits or computes. */
  stop(generation: number): void {
    Atomics.store(this.#stopFlag, 0, generation);
    Atomics.notify(this.#stopFlag, 0);
    this.send({ kind: "stop", generation });
  }

  /** Whether a module of this worker sleeps. */
  get sleeping(): boolean {
    return Atomics.load(this.#stopFlag, 1) === 1;
  }

  /** CPU that the thread has used, in milliseconds. Undefined when Node cannot tell. Waits while the thread is in native code. */
  async cpuMs(): Promise<number | undefined> {
    try {
      const { user, system } = await this.#worker.cpuUsage();
      return (user + system) / 1_000;
    } catch {
      return undefined;
    }
  }

  /** Whether the thread keeps the process alive. */
  hold(on: boolean): void {
    if (on) {
      this.#worker.ref();
    } else {
      this.#worker.unref();
    }
  }

  async terminate(): Promise<void> {
    this.alive = false;
    await this.#worker.terminate();
  }
}
