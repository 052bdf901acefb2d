import {
  OptimizerError,
  type Clock,
  type JobHandler,
  type JsonObject,
  type QueuedJob,
  type QueuedJobOptions,
  type RunQueue,
  type RunWorker,
  type RunWorkerOptions,
} from "@mcp-optimizer/contracts";
import { createTurns } from "./turns.ts";

/** Bounds of a {@link createMemoryRunQueue}. */
export interface MemoryRunQueueOptions {
  readonly clock: Pick<Clock, "schedule">;
  /** Jobs that may wait, of all tenants and of one. Default 1,000 and 100. */
  readonly maxWaiting?: number;
  readonly maxWaitingPerTenant?: number;
  /** Bytes that those may have as JSON. A job that has more by itself is refused, too. Default 256 MiB and 64 MiB. */
  readonly maxWaitingBytes?: number;
  readonly maxWaitingBytesPerTenant?: number;
  /** How many turns a tenant has for one of another, from 0.01 to 100. Default 1. */
  readonly weights?: Readonly<Record<string, number>>;
  /** How long a job waits for a worker, in milliseconds. Default 30,000. */
  readonly maxWaitMs?: number;
}

interface Entry {
  readonly job: QueuedJob;
  readonly bytes: number;
  readonly done: PromiseWithResolvers<JsonObject>;
  readonly listeners: Set<QueuedJobOptions>;
  abort: AbortController;
  takeOver: boolean;
  stopWaiting: () => void;
}

interface Worker {
  readonly handler: JobHandler;
  readonly options: RunWorkerOptions;
  readonly held: Map<Entry, Promise<void>>;
}

const MIB = 1_048_576;
const LARGEST_JOB = 16 * MIB;

/** A queue whose fronts and workers are in this process. */
export function createMemoryRunQueue(options: MemoryRunQueueOptions): RunQueue {
  const { clock, maxWaiting = 1_000, maxWaitingPerTenant = 100, weights = {}, maxWaitMs = 30_000 } = options;
  const { maxWaitingBytes = 256 * MIB, maxWaitingBytesPerTenant = 64 * MIB } = options;
  const waiting = createTurns<Entry>((tenant) =>
    Math.min(100, Math.max(0.01, Object.hasOwn(weights, tenant) ? weights[tenant]! : 1)),
  );
  const jobs = new Map<string, Entry>();
  const workers = new Set<Worker>();
  const open = new Set<RunWorker>();

  const end = (entry: Entry, error: OptimizerError): void => {
    waiting.remove(entry);
    entry.stopWaiting();
    entry.done.reject(error);
  };
  const wait = (entry: Entry): void => {
    waiting.add(entry.job.tenant, entry);
    entry.stopWaiting = clock.schedule(maxWaitMs, () => end(entry, nobody(entry.job.runId)));
    give();
  };
  const perform = async (worker: Worker, entry: Entry): Promise<void> => {
    const { job, done, listeners, abort, takeOver } = entry;
    try {
      const value = await worker.handler(structuredClone(job), {
        takeOver,
        signal: abort.signal,
        onProgress: (progress) => {
          for (const { onProgress } of listeners) onProgress?.(progress);
        },
      });
      if (abort.signal.reason !== LEAVING) done.resolve(structuredClone(value));
    } catch (cause) {
      const error = OptimizerError.is(cause) ? cause : new OptimizerError("internal", { cause });
      if (abort.signal.reason !== LEAVING) done.reject(error);
    }
    worker.held.delete(entry);
    if (abort.signal.reason === LEAVING) {
      Object.assign(entry, { abort: new AbortController(), takeOver: true });
      wait(entry);
    }
    give();
  };
  function give(): void {
    for (const worker of workers) {
      while (worker.held.size < worker.options.concurrency) {
        const entry = waiting.take();
        if (entry === undefined) return;
        entry.stopWaiting();
        worker.held.set(entry, Promise.resolve());
        worker.held.set(entry, perform(worker, entry));
      }
    }
  }
  const admit = (job: QueuedJob, key: string, bytes: number): Entry => {
    const all = waiting.all();
    const own = all.filter((entry) => entry.job.tenant === job.tenant);
    const bounds = [
      ["queue.maxWaiting", maxWaiting, all.length, 1, "runs"],
      ["queue.maxWaitingBytes", maxWaitingBytes, bytesOf(all), bytes, "bytes of runs"],
      ["queue.maxWaitingPerTenant", maxWaitingPerTenant, own.length, 1, "runs of this tenant"],
      [
        "queue.maxWaitingBytesPerTenant",
        maxWaitingBytesPerTenant,
        bytesOf(own),
        bytes,
        "bytes of runs of this tenant",
      ],
    ] as const;
    for (const [limit, most, there, more, what] of bounds) {
      if (there + more <= most) continue;
      throw new OptimizerError("concurrency_limit", {
        detail: `${there} ${what} wait for a worker already; try again in a second`,
        data: { limit, retryAfterMs: 1_000, retryAfter: 1 },
      });
    }
    const done = Promise.withResolvers<JsonObject>();
    const entry: Entry = {
      job: structuredClone(job),
      bytes,
      done,
      listeners: new Set(),
      abort: new AbortController(),
      takeOver: false,
      stopWaiting: () => {},
    };
    jobs.set(key, entry);
    const forget = (): void => {
      if (jobs.get(key) === entry) jobs.delete(key);
    };
    done.promise.then(forget, forget);
    return entry;
  };
  let disposed = false;
  const requireOpen = (): void => {
    if (disposed) throw new OptimizerError("shutting_down");
  };
  const dispose = async (): Promise<void> => {
    disposed = true;
    for (const entry of waiting.all()) end(entry, new OptimizerError("shutting_down"));
    await Promise.allSettled([...open].map((worker) => worker.close()));
    for (const entry of waiting.all()) end(entry, new OptimizerError("shutting_down"));
  };

  return {
    async run(job, asked = {}) {
      const { signal } = asked;
      requireOpen();
      if (signal?.aborted === true) throw new OptimizerError("cancelled");
      const bytes = sizeOf(job);
      if (bytes > LARGEST_JOB) {
        throw new OptimizerError("output_limit", {
          detail:
            "a run with its parameters may have 16 MiB in the queue, and no value in it thousands of levels",
        });
      }
      const key = JSON.stringify([job.tenant, job.runId]);
      const known = jobs.get(key);
      const joined = known?.job.same === job.same ? known : undefined;
      const entry = joined ?? admit(job, key, bytes);
      entry.listeners.add(asked);
      const left = Promise.withResolvers<never>();
      const leave = (): void => {
        if (isShuttingDown(signal)) left.reject(new OptimizerError("shutting_down"));
        else if (joined !== undefined) left.reject(new OptimizerError("cancelled"));
        else if (waiting.has(entry)) end(entry, new OptimizerError("cancelled"));
        else entry.abort.abort(signal?.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      if (joined === undefined) wait(entry);
      try {
        return await Promise.race([entry.done.promise, left.promise]);
      } finally {
        signal?.removeEventListener("abort", leave);
        entry.listeners.delete(asked);
      }
    },
    async work(handler, settings) {
      requireOpen();
      const worker: Worker = { handler, options: settings, held: new Map() };
      let closing: Promise<void> | undefined;
      const finish = async (graceMs: number): Promise<void> => {
        workers.delete(worker);
        const release = (): void => {
          for (const { abort } of worker.held.keys()) abort.abort(LEAVING);
        };
        const stop = graceMs > 0 ? clock.schedule(graceMs, release) : release();
        await Promise.all(worker.held.values());
        stop?.();
        open.delete(own);
      };
      const own: RunWorker = {
        get running() {
          return worker.held.size;
        },
        close: (graceMs = 0) => (closing ??= finish(graceMs)),
        [Symbol.asyncDispose]: () => (closing ??= finish(0)),
      };
      workers.add(worker);
      open.add(own);
      give();
      return own;
    },
    async status() {
      requireOpen();
      const languages = [...new Set([...workers].flatMap((worker) => worker.options.languages))].toSorted();
      return { waiting: waiting.size, workers: workers.size, languages };
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

const isShuttingDown = (signal: AbortSignal | undefined): boolean =>
  OptimizerError.is(signal?.reason) && signal.reason.code === "shutting_down";

const LEAVING = new Error("The worker leaves");

const nobody = (runId: string): OptimizerError =>
  new OptimizerError("sandbox_unavailable", {
    detail: `no worker took the run ${runId} in time; nothing of it was begun`,
    data: { run: runId },
  });

const bytesOf = (entries: readonly Entry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);

/** Infinite for what is too deep to be written. */
function sizeOf(job: QueuedJob): number {
  try {
    return Buffer.byteLength(JSON.stringify(job));
  } catch {
    return Infinity;
  }
}
