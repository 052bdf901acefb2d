import { createHash } from "node:crypto";
import type { QueueLink } from "./queue-link.ts";

const SLOT = "queue";
/** What BullMQ calls the queue. */
export const BULL_NAME = "runs";

/** Names of the keys and channels of a queue. All keys are in one slot: each step of a job is one script. */
export interface QueueKeys {
  /** Of BullMQ's keys. */
  readonly prefix: string;
  /** Sorted set: who waits, by until when. */
  readonly waiting: string;
  /** Hash: the tag of the job that was taken last, and the one at which BullMQ's places begin. */
  readonly time: string;
  /** BullMQ's own sorted set: jobs that wait, by 2^32 times their place, and then as they came. */
  readonly places: string;
  /** Sorted set: workers, by until when they are alive. */
  readonly workers: string;
  /** Hash: what workers can run. */
  readonly abilities: string;
  /** {@link QueueKeys.waiting} and the bytes of those; the same two of one tenant. */
  waitingOf(tenant: string): readonly [string, string, string, string];
  /** Hash: how a job stands. */
  job(id: string): string;
  /** Hash: the job that a run has. */
  run(tenant: string, runId: string): string;
  /** Channel: what happens to a job. */
  jobNews(id: string): string;
  /** Channel: what a worker is asked. */
  workerNews(worker: string): string;
}

/** Makes {@link QueueKeys}. */
export function queueKeys(link: Pick<QueueLink, "key">, name: string): QueueKeys {
  const key = (...parts: readonly string[]): string => link.key(SLOT, name, ...parts);
  const prefix = key("bull");
  const waiting = key("waiting");
  return {
    prefix,
    waiting,
    places: `${prefix}:${BULL_NAME}:prioritized`,
    time: key("time"),
    workers: key("workers"),
    abilities: key("abilities"),
    waitingOf: (tenant) => [waiting, key("bytes"), key("waiting-of", tenant), key("bytes-of", tenant)],
    job: (id) => key("job", id),
    run: (tenant, runId) =>
      key(
        "run",
        createHash("sha256")
          .update(JSON.stringify([tenant, runId]))
          .digest("hex"),
      ),
    jobNews: (id) => `queue:${name}:job:${id}`,
    workerNews: (worker) => `queue:${name}:worker:${worker}`,
  };
}
