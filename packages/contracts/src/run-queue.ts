import type { JsonObject } from "./json.ts";
import type { Language } from "./sandbox.ts";
import type { ToolProgress } from "./tool-provider.ts";

/** Work that a front gives to the workers: a run of a program, or a call that runs one. */
export interface QueuedJob {
  readonly tenant: string;
  /** The run that it is; unique for a tenant. */
  readonly runId: string;
  /** Equal for jobs of a run that ask for the same: one that waits or is under way is joined then, and not done beside it. */
  readonly same: string;
  /** What the worker is told; at most 16 MiB as JSON. */
  readonly work: JsonObject;
}

/** How a front waits for its job. */
export interface QueuedJobOptions {
  /**
   * Takes a waiting job out, and ends one that is under way. One that was joined is only left; so is any, and goes on, when the reason is an
   * OptimizerError `shutting_down`.
   */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ToolProgress) => void;
}

/** What a worker knows of a job beside the job. */
export interface JobAttempt {
  /** The worker that had it before is dead, or gave it back: the run is to be taken over. */
  readonly takeOver: boolean;
  /** Aborts when the job is not wanted any more, or is another worker's by now. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ToolProgress) => void;
}

/** Does a job. What it rejects with is what the front is told. */
export type JobHandler = (job: QueuedJob, attempt: JobAttempt) => Promise<JsonObject>;

/** What a worker can do. */
export interface RunWorkerOptions {
  /** Jobs at once. */
  readonly concurrency: number;
  /** Of its sandbox. */
  readonly languages: readonly Language[];
}

/** Takes jobs until it is closed. */
export interface RunWorker extends AsyncDisposable {
  /** Jobs that it has now. */
  readonly running: number;
  /** Takes no more, and finishes what it has within the time, by default at once; the rest is given back, for another worker. Idempotent. */
  close(graceMs?: number): Promise<void>;
}

/** How a queue stands. */
export interface RunQueueStatus {
  /** Jobs that no worker has. */
  readonly waiting: number;
  /** Workers that are there. */
  readonly workers: number;
  /** What those can run. */
  readonly languages: readonly Language[];
}

/** Brings runs from fronts, which need no sandbox, to workers, which have one. A job is done at least once: who does it is guarded by the execution log. */
export interface RunQueue extends AsyncDisposable {
  /**
   * Gives a job to a worker and resolves with what that one's handler did. Tenants take turns by their weights. Rejects with what the handler
   * rejected with, and with `concurrency_limit` (`data.retryAfterMs`) when too many wait, `sandbox_unavailable` when no worker takes it in time or
   * several died of it, `store_unavailable`, `cancelled`, or `output_limit` for a job or an answer that is too large.
   */
  run(job: QueuedJob, options?: QueuedJobOptions): Promise<JsonObject>;
  /** Begins to take jobs. Rejects with `store_unavailable`. */
  work(handler: JobHandler, options: RunWorkerOptions): Promise<RunWorker>;
  /** Rejects with `store_unavailable`. */
  status(): Promise<RunQueueStatus>;
  /** Ends all connections, and the workers that were begun here. Jobs of others stay. What is asked after it rejects with `shutting_down`. */
  dispose(): Promise<void>;
}
