import { createHash } from "node:crypto";
import type { QueueLink } from "./queue-link.ts";

const SLOT = "queue";

/** Names of the keys and channels of a queue. All keys are in one slot: each step of a job is one script. */
export interface QueueKeys {
  /** Of BullMQ's keys. */
  readonly prefix: string;
  /** Sorted set: who waits, by until when. */
  readonly waiting: string;
  /** Sorted set: tenants, by the tag of their last job. */
  readonly tags: string;
  /** The tag of the job that was taken last. */
  readonly time: string;
  /** Sorted set: workers, by until when they are alive. */
  readonly workers: string;
  /** Hash: what workers can run. */
  readonly abilities: string;
  /** As {@link QueueKeys.waiting}, of one tenant. */
  waitingOf(tenant: string): string;
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
  return {
    prefix: key("bull"),
    waiting: key("waiting"),
    tags: key("tags"),
    time: key("time"),
    workers: key("workers"),
    abilities: key("abilities"),
    waitingOf: (tenant) => key("waiting-of", tenant),
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
