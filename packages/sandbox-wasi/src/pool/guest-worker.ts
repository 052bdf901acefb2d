import { Worker } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerSettings } from "../worker/messages.ts";

/** The worker's file: as TypeScript when this package is used from source. */
const WORKER_FILE = new URL(
  `../worker/worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
  import.meta.url,
);

/** Messages about the frames of a run. */
export type FramesMessage = Extract<FromWorker, { kind: "frames" }>;

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
  #onEnd: ((error: Error | undefined) => void) | undefined;
  /** The module that its guest was last given. */
  module: WebAssembly.Module;
  alive = true;

  constructor(settings: Omit<WorkerSettings, "stopFlag">, events: GuestWorkerEvents) {
    const stopFlag = new SharedArrayBuffer(4);
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

  /** Ends a run for the host: what still comes of it is dropped. */
  detach(): void {
    this.#onFrames = undefined;
    this.#onEnd = undefined;
    this.#generation++;
  }

  send(message: ToWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window.
    this.#worker.postMessage(message);
  }

  /** Asks a run to stop, whether it waits or computes. */
  stop(generation: number): void {
    Atomics.store(this.#stopFlag, 0, generation);
    this.send({ kind: "stop", generation });
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
