import { OptimizerError, type QueuedJob } from "@mcp-optimizer/contracts";
import { Queue, Worker } from "bullmq";
import { BULL_NAME } from "./queue-keys.ts";
import type { QueueClient, QueueLink } from "./queue-link.ts";

/** Thrown jobs are given back, and others count how often. */
const MANY = 1_000_000;
const CLOSE_MS = 2_000;

/** Puts jobs into BullMQ. */
export interface BullFront {
  /** Rejects when it has not connected: it never will then. */
  readonly ready: Promise<unknown>;
  /** Rejects when Redis says no; waits while it is away. */
  add(id: string, job: QueuedJob, priority: number): Promise<void>;
  remove(id: string): Promise<void>;
  /** Jobs that no worker has. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}

/** Takes jobs from BullMQ. */
export interface BullWorker {
  /** Takes no more; resolves when what it has is done. */
  close(): Promise<void>;
  /** Has so many jobs at once from now on. */
  resize(concurrency: number): void;
  /** Ends at once. What it has is another worker's once its locks are over. */
  abandon(): Promise<void>;
}

/** What both ends of BullMQ are opened with. */
export interface BullParts {
  readonly link: Pick<QueueLink, "blockingClient">;
  readonly prefix: string;
  readonly onError: (cause: Error) => void;
}

/** Opens the end of BullMQ that gives. */
export function openBullFront({ link, prefix, onError }: BullParts): BullFront {
  const client = link.blockingClient();
  const queue = new Queue<QueuedJob>(BULL_NAME, {
    connection: client,
    prefix,
    // Nobody reads the events.
    streams: { events: { maxLen: 0 } },
    defaultJobOptions: { attempts: MANY, removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 },
  });
  queue.on("error", onError);
  return {
    ready: queue.waitUntilReady(),
    async add(jobId, job, priority) {
      await queue.add("run", job, { jobId, priority });
    },
    async remove(jobId) {
      await queue.remove(jobId);
    },
    async waiting() {
      const { wait = 0, prioritized = 0 } = await queue.getJobCounts("wait", "prioritized");
      return wait + prioritized;
    },
    async close() {
      await atMost(queue.close(), CLOSE_MS);
      client.disconnect();
    },
  };
}

/** Opens the end of BullMQ that takes. A job whose `perform` rejects waits again. */
export async function openBullWorker(
  { link, prefix, onError }: BullParts,
  { concurrency, lockMs }: { readonly concurrency: number; readonly lockMs: number },
  perform: (id: string, job: QueuedJob) => Promise<void>,
): Promise<BullWorker> {
  const { client, disconnect } = watched(link.blockingClient());
  const worker = new LeavingWorker<QueuedJob, null>(
    BULL_NAME,
    async (job) => {
      try {
        await perform(job.id!, job.data);
      } catch (cause) {
        // It had its turn; and the places may have begun anew since it got its own.
        await job.changePriority({ priority: 1 }).catch(() => undefined);
        throw cause;
      }
      return null;
    },
    {
      connection: client,
      prefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: Math.ceil(lockMs / 3),
      maxStalledCount: MANY,
      drainDelay: 2,
      // Its own 15 seconds are long for a Redis that was restarted.
      runRetryDelay: 500,
      autorun: false,
    },
  );
  worker.on("error", onError);
  const abandon = async (): Promise<void> => {
    await atMost(worker.close(true), CLOSE_MS);
    disconnect();
    await worker.leave();
  };
  await worker.waitUntilReady().catch(async (cause: unknown) => {
    await abandon();
    throw new OptimizerError("store_unavailable", { detail: "the queue cannot be reached", cause });
  });
  worker.run().catch(onError);
  return {
    async close() {
      await worker.close();
      disconnect();
    },
    resize: (size) => void (worker.concurrency = size),
    abandon,
  };
}

/** Its `close` waits for a Redis that is away, and keeps its timers meanwhile. */
class LeavingWorker<Data, Result> extends Worker<Data, Result> {
  async leave(): Promise<void> {
    await this.pause(true);
    await this.lockManager.close();
  }
}

/** A worker makes itself another connection, and leaves it open, and trying, where it is told to close while Redis is away. */
function watched(client: QueueClient): { readonly client: QueueClient; readonly disconnect: () => void } {
  const made = [client];
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (...options) => {
    const other = duplicate(...options);
    made.push(other);
    return other;
  };
  return {
    client,
    disconnect() {
      for (const one of made) one.disconnect();
    },
  };
}

/** BullMQ waits for a Redis that is away, for ever. */
async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work.catch(() => undefined), promise]);
  clearTimeout(timer);
}
