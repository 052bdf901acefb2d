import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import {
  OptimizerError,
  type Clock,
  type Language,
  type Log,
  type QueuedJob,
  type RunQueue,
  type RunWorker,
} from "@mcp-optimizer/contracts";
import { inTime } from "./in-time.ts";
import { openBullFront, type BullFront } from "./bull.ts";
import { ABILITIES, ADMIT, COLLECT, CONFIRM, LOOK, WITHDRAW } from "./front-scripts.ts";
import { queueKeys } from "./queue-keys.ts";
import type { QueueLink } from "./queue-link.ts";
import { DEFAULT_TIMES, type QueueTimes } from "./queue-times.ts";
import { startRunWorker } from "./start-run-worker.ts";
import { watchJob, type JobState, type Withdrawal } from "./watch-job.ts";

/** How a queue is kept. */
export interface BullRunQueueOptions extends Partial<QueueTimes> {
  readonly link: QueueLink;
  readonly clock: Pick<Clock, "elapsed" | "schedule">;
  /** Queues of other names do not see its jobs. Default `runs`. */
  readonly name?: string;
  /** Jobs that may wait, of all tenants and of one. Default 1,000 and 100. */
  readonly maxWaiting?: number;
  readonly maxWaitingPerTenant?: number;
  /** Bytes that those may have as JSON. A job that has more by itself is refused, too. Default 256 MiB and 64 MiB. */
  readonly maxWaitingBytes?: number;
  readonly maxWaitingBytesPerTenant?: number;
  /** How many turns a tenant has for one of another, from 0.01 to 100. Default 1. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Workers that may die of a job. Default 3. */
  readonly maxAttempts?: number;
  readonly log?: Log;
}

/** A turn in the queue's time, which goes on for ever. */
const STEP = 100;
/** BullMQ's largest priority but one: whatever would come after it has it, too, in the order in which it came. */
export const LAST_PLACE = 2_097_151;
const MIB = 1_048_576;
const LARGEST_JOB = 16 * MIB;
/** Until when a job has to be in the queue once it was let in. The front gives up before. */
const ADMIT_MS = 5_000;
const READ_AGAIN_MS = 30_000;
/** What a queue is full by, and of what, in the order of the script that says so. */
const BOUNDS = [
  ["queue.maxWaiting", "runs"],
  ["queue.maxWaitingPerTenant", "runs of this tenant"],
  ["queue.maxWaitingBytes", "bytes of runs"],
  ["queue.maxWaitingBytesPerTenant", "bytes of runs of this tenant"],
] as const;

/** Makes a {@link RunQueue} on BullMQ and Redis: fronts and workers are processes that share the Redis. */
export function createBullRunQueue(options: BullRunQueueOptions): RunQueue {
  const { link, clock, name = "runs", log = () => {}, weights = {} } = options;
  const { maxWaiting = 1_000, maxWaitingPerTenant = 100, maxAttempts = 3 } = options;
  const { maxWaitingBytes = 256 * MIB, maxWaitingBytesPerTenant = 64 * MIB } = options;
  const times = { ...DEFAULT_TIMES, ...options };
  const holdMs = times.maxWaitMs + times.slackMs;
  const keys = queueKeys(link, name);
  const scripts = {
    admit: link.writing(ADMIT),
    confirm: link.writing(CONFIRM),
    withdraw: link.writing(WITHDRAW),
    collect: link.writing(COLLECT),
    look: link.reading(LOOK),
    abilities: link.reading(ABILITIES),
  };
  const onError = (cause: Error): void =>
    log({ level: "debug", message: "The queue of runs is disturbed", cause });
  const bull = { link, prefix: keys.prefix, onError };
  const workers = new Set<RunWorker>();
  let front: BullFront | undefined;
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);

  /** What is over opens nothing any more: nobody would close it. */
  const requireOpen = (): void => {
    if (closing.signal.aborted) throw new OptimizerError("shutting_down");
  };
  const opened = (): BullFront => {
    requireOpen();
    if (front !== undefined) return front;
    const fresh = openBullFront(bull);
    front = fresh;
    fresh.ready.catch((cause: Error) => {
      onError(cause);
      if (front === fresh) front = undefined;
      void fresh.close();
    });
    return fresh;
  };

  /** Takes out of BullMQ what a front that died left there, if nobody ever took it. */
  const forget = async (id: string): Promise<void> => {
    const [state] = (await scripts.look([keys.job(id), keys.workers], [])) as [JobState["state"]];
    if (state === "lost") await opened().remove(id);
  };
  /** Lets a job in, or joins the one that there is. */
  const admitted = async (
    job: QueuedJob,
    bytes: number,
  ): Promise<{ readonly id: string; readonly priority?: number }> => {
    const { tenant, runId, same } = job;
    const id = `${randomBytes(12).toString("base64url")}.${bytes}`;
    const weight = Math.min(100, Math.max(0.01, Object.hasOwn(weights, tenant) ? weights[tenant]! : 1));
    const step = Math.max(1, Math.round(STEP / weight));
    const most = [maxWaiting, maxWaitingPerTenant, maxWaitingBytes, maxWaitingBytesPerTenant];
    const answer = await scripts.admit(
      [keys.job(id), keys.run(tenant, runId), ...keys.waitingOf(tenant), keys.time, keys.places],
      [id, same, ...most, step, LAST_PLACE, ADMIT_MS],
    );
    const [state, over, what, count] = answer as [string, string[], string | number, number];
    for (const old of over) void forget(old).catch(onError);
    if (state === "joined") return { id: String(what) };
    if (state === "admitted") return { id, priority: Number(what) };
    const [limit, of] = BOUNDS[Number(what)]!;
    throw new OptimizerError("concurrency_limit", {
      detail: `${count} ${of} wait for a worker already; try again in a second`,
      data: { limit, retryAfterMs: 1_000, retryAfter: 1 },
    });
  };
  const dispose = async (): Promise<void> => {
    closing.abort();
    await Promise.allSettled([...workers].map((worker) => worker.close()));
    await front?.close();
    front = undefined;
  };

  return {
    async run(job, waiting = {}) {
      requireOpen();
      if (waiting.signal?.aborted === true) throw new OptimizerError("cancelled");
      const bytes = sizeOf(job);
      if (bytes > LARGEST_JOB) {
        throw new OptimizerError("output_limit", {
          detail:
            "a run with its parameters may have 16 MiB in the queue, and no value in it thousands of levels",
        });
      }
      const { tenant, runId } = job;
      const { id, priority } = await admitted(job, bytes);
      const of = [keys.job(id), keys.run(tenant, runId), ...keys.waitingOf(tenant)];
      const withdraw = async (cancel: boolean): Promise<Withdrawal> => {
        const answer = await scripts.withdraw([...of, keys.workers], [id, cancel ? 1 : 0]);
        const [state, worker] = answer as [Withdrawal["state"], string];
        // What is left of it would only be looked at and dropped.
        if (state === "withdrawn" && !closing.signal.aborted) void opened().remove(id).catch(onError);
        return state === "running" ? { state, worker } : { state };
      };
      const begin = async (): Promise<void> => {
        if (priority === undefined) return;
        try {
          await inTime(clock, opened().add(id, job, priority));
          await scripts.confirm([...of, keys.time, keys.places], [id, holdMs, LAST_PLACE]);
        } catch (cause) {
          void withdraw(false).catch(onError);
          throw cause;
        }
      };
      return await watchJob(
        {
          link,
          clock,
          times,
          runId,
          owns: priority !== undefined,
          begin,
          news: keys.jobNews(id),
          async look() {
            const [state, more] = (await scripts.look([keys.job(id), keys.workers], [])) as [
              JobState["state"],
              string,
            ];
            if (state === "done") return { state, answer: more };
            return state === "running" ? { state, worker: more } : { state };
          },
          withdraw,
          closing: closing.signal,
          collected: () => void scripts.collect(of.slice(0, 2), [id, READ_AGAIN_MS]).catch(onError),
          cancelAt: (worker) => link.publish(keys.workerNews(worker), id),
        },
        waiting,
      );
    },
    async work(handler, settings) {
      requireOpen();
      const worker = await startRunWorker(
        { bull, link, clock, keys, times, maxAttempts, holdMs, log },
        handler,
        settings,
        () => workers.delete(worker),
      );
      workers.add(worker);
      if (closing.signal.aborted) await worker.close();
      requireOpen();
      return worker;
    },
    async status() {
      const known = (await scripts.abilities([keys.workers, keys.abilities], [])) as string[];
      const waiting = await inTime(clock, opened().waiting());
      const languages = [...new Set(known.flatMap((text) => JSON.parse(text) as Language[]))].toSorted();
      return { waiting, workers: known.length, languages };
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Infinite for what is too deep to be written. */
function sizeOf(job: QueuedJob): number {
  try {
    return Buffer.byteLength(JSON.stringify(job));
  } catch {
    return Infinity;
  }
}
