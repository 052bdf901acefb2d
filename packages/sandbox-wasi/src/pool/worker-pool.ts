import { OptimizerError, type Clock, type Log } from "@mcp-optimizer/contracts";
import type { WorkerSettings } from "../worker/messages.ts";
import { GuestWorker } from "./guest-worker.ts";

/** How large a pool is, and what its workers are started with. */
export interface WorkerPoolOptions {
  /** Workers that are kept. */
  readonly workers: number;
  /** Workers at most, while leases wait for guests that wait for tools. */
  readonly maxWorkers: number;
  readonly settings: () => Promise<Omit<WorkerSettings, "stopFlag">>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Waiter {
  readonly resolve: (worker: GuestWorker) => void;
  readonly reject: (error: Error) => void;
}

/** How long a lease waits before a worker beyond the kept ones is started, in milliseconds. */
const PATIENCE_MS = 25;
/** How long a worker beyond the kept ones stays idle before it is ended, in milliseconds. */
const IDLE_MS = 10_000;
/** Workers that fail to start, one after another, before waiting leases are refused. */
const MOST_FAILURES = 3;

/** Worker threads, each lent to one lease at a time. Leases are served in the order in which they came. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #all = new Set<GuestWorker>();
  readonly #idle: GuestWorker[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #retirements = new Map<GuestWorker, () => void>();
  readonly #lent = new Set<GuestWorker>();
  readonly #unready = new Set<GuestWorker>();
  /** Workers whose settings are still being read. */
  #planned = 0;
  #failures = 0;
  #disposed = false;
  #cancelPatience: (() => void) | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.workers; i++) {
      void this.#start();
    }
  }

  /** Waits for a worker. Rejects with `cancelled`, `shutting_down` or `sandbox_unavailable`. */
  async acquire(signal: AbortSignal | undefined): Promise<GuestWorker> {
    if (this.#disposed) {
      throw new OptimizerError("shutting_down");
    }
    if (signal?.aborted === true) {
      throw new OptimizerError("cancelled");
    }
    const worker = this.#idle.pop();
    if (worker !== undefined) {
      this.#retirements.get(worker)?.();
      this.#retirements.delete(worker);
      return this.#lend(worker);
    }
    this.#failures = 0;
    this.#keepUp();
    return await new Promise<GuestWorker>((resolve, reject) => {
      const waiter: Waiter = {
        resolve: (worker) => {
          signal?.removeEventListener("abort", onAbort);
          resolve(this.#lend(worker));
        },
        reject: (error) => {
          signal?.removeEventListener("abort", onAbort);
          reject(error);
        },
      };
      const onAbort = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        this.#holdAll();
        waiter.reject(new OptimizerError("cancelled"));
      };
      signal?.addEventListener("abort", onAbort);
      this.#waiters.push(waiter);
      this.#holdAll();
      this.#watchPatience();
    });
  }

  /** Takes a worker back. A dead one is replaced. */
  release(worker: GuestWorker): void {
    this.#lent.delete(worker);
    if (!worker.alive || this.#disposed) {
      this.#keepUp();
      return;
    }
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve(worker);
      return;
    }
    worker.hold(false);
    this.#idle.push(worker);
    if (this.#all.size > this.#options.workers) {
      const cancel = this.#options.clock.schedule(IDLE_MS, () => this.#retire(worker));
      this.#retirements.set(worker, cancel);
    }
  }

  /** Ends all workers, and refuses who waits. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#cancelPatience?.();
    for (const cancel of this.#retirements.values()) {
      cancel();
    }
    this.#refuse(new OptimizerError("shutting_down"));
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #lend(worker: GuestWorker): GuestWorker {
    this.#lent.add(worker);
    worker.hold(true);
    return worker;
  }

  async #start(): Promise<void> {
    this.#planned++;
    try {
      const settings = await this.#options.settings();
      this.#planned--;
      if (this.#disposed) {
        return;
      }
      // Beyond the kept workers somebody waits already: no time to warm up.
      const warmUpRuns = this.#all.size < this.#options.workers ? settings.warmUpRuns : 0;
      const worker = new GuestWorker(
        { ...settings, warmUpRuns },
        {
          ready: (ready) => {
            this.#unready.delete(ready);
            this.#failures = 0;
            this.release(ready);
          },
          tainted: (tainted) => {
            const message = "A guest was not fresh after its reset; its worker is ended. Please report this.";
            this.#options.log({ level: "error", message });
            void tainted.terminate();
          },
          ended: (ended, error) => this.#ended(ended, error),
        },
      );
      this.#all.add(worker);
      this.#unready.add(worker);
      this.#holdAll();
    } catch (error) {
      this.#planned--;
      this.#failed(error);
    }
  }

  #ended(worker: GuestWorker, error: Error | undefined): void {
    this.#all.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) {
      this.#idle.splice(at, 1);
    }
    if (this.#unready.delete(worker) && !this.#disposed) {
      this.#failed(error);
      return;
    }
    if (error !== undefined) {
      this.#options.log({ level: "warn", message: "A guest's worker ended.", cause: error });
    }
    this.#keepUp();
  }

  #failed(cause: unknown): void {
    this.#options.log({ level: "error", message: "A guest's worker did not start.", cause });
    if (++this.#failures >= MOST_FAILURES) {
      const detail = "the worker of the WebAssembly guest does not start; the log says why";
      this.#refuse(new OptimizerError("sandbox_unavailable", { detail, cause }));
    } else {
      this.#keepUp();
    }
  }

  /** Starts what is missing of the kept workers. */
  #keepUp(): void {
    if (this.#disposed) {
      return;
    }
    for (let missing = this.#options.workers - this.#count(); missing > 0; missing--) {
      void this.#start();
    }
  }

  /** Workers that run or will. */
  #count(): number {
    return this.#all.size + this.#planned;
  }

  #watchPatience(): void {
    if (this.#cancelPatience !== undefined || this.#count() >= this.#options.maxWorkers) {
      return;
    }
    this.#cancelPatience = this.#options.clock.schedule(PATIENCE_MS, () => {
      this.#cancelPatience = undefined;
      if (this.#waiters.length === 0 || this.#disposed) {
        return;
      }
      if (
        this.#unready.size + this.#planned < this.#waiters.length &&
        this.#count() < this.#options.maxWorkers
      ) {
        void this.#start();
      }
      this.#watchPatience();
    });
  }

  #retire(worker: GuestWorker): void {
    this.#retirements.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0 && this.#all.size > this.#options.workers) {
      this.#idle.splice(at, 1);
      void worker.terminate();
    }
  }

  /** A process must not end under somebody who waits for a worker that is starting. */
  #holdAll(): void {
    for (const worker of this.#all) {
      worker.hold(this.#lent.has(worker) || this.#waiters.length > 0);
    }
  }

  #refuse(error: OptimizerError): void {
    for (const waiter of this.#waiters.splice(0)) {
      waiter.reject(error);
    }
  }
}
