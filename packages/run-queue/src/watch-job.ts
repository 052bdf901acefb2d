import { OptimizerError, type Clock, type JsonObject, type QueuedJobOptions } from "@mcp-optimizer/contracts";
import { readAnswer, readNews } from "./answers.ts";
import { inTime } from "./in-time.ts";
import type { QueueLink } from "./queue-link.ts";
import type { QueueTimes } from "./queue-times.ts";

/** How a job stands. */
export type JobState =
  | { readonly state: "done"; readonly answer: string }
  | { readonly state: "running"; readonly worker: string }
  | { readonly state: "waiting" | "dead" | "gone" | "lost" };

/** What came of taking a job out. */
export type Withdrawal =
  | { readonly state: "withdrawn" | "done" }
  | { readonly state: "running"; readonly worker: string };

/** What the watching of a job stands on. */
export interface JobWatchParts {
  readonly link: Pick<QueueLink, "subscribe" | "publish">;
  readonly clock: Pick<Clock, "elapsed" | "schedule">;
  readonly times: QueueTimes;
  readonly runId: string;
  /** Channel of its news. */
  readonly news: string;
  /** Whether aborting ends the job, not just the waiting. */
  readonly owns: boolean;
  /** What is done once it is listened. */
  readonly begin: () => Promise<void>;
  readonly look: () => Promise<JobState>;
  readonly withdraw: (cancel: boolean) => Promise<Withdrawal>;
  /** The answer was read. */
  readonly collected: () => void;
  /** Asks a worker to end the job. */
  readonly cancelAt: (worker: string) => Promise<void>;
  /** Aborts when this process does not wait any more; the job stays. */
  readonly closing: AbortSignal;
}

/** News that is so late is lost. */
const NEWS_MS = 100;

/** Waits for the answer of a job: told of it by news, and looking from time to time, since news may be missed. */
export async function watchJob(
  parts: JobWatchParts,
  { signal, onProgress }: QueuedJobOptions,
): Promise<JsonObject> {
  const { link, clock, times, owns, runId } = parts;
  let woken = Promise.withResolvers<void>();
  let over = false;
  let doneAt: number | undefined;
  const wake = (): void => woken.resolve();
  const subscribed = link.subscribe(parts.news, {
    onNews(text) {
      const news = readNews(text);
      if ("progress" in news) onProgress?.(news.progress);
      else if ("over" in news) over = true;
      if (!("progress" in news)) wake();
    },
    onGap: wake,
  });
  for (const one of [signal, parts.closing]) one?.addEventListener("abort", wake, { once: true });
  let seenAt = clock.elapsed();
  let idleSince: number | undefined;
  let cancelledAt: number | undefined;
  try {
    await inTime(clock, subscribed)
      .then(parts.begin)
      .catch((error: unknown) => {
        throw OptimizerError.is(error) && error.code === "store_unavailable" ? away(runId, error) : error;
      });
    for (;;) {
      woken = Promise.withResolvers<void>();
      let rest = times.tickMs;
      if (parts.closing.aborted) throw new OptimizerError("shutting_down");
      try {
        const job = await parts.look();
        seenAt = clock.elapsed();
        // Progress comes by another connection than this answer, and before the news that it is over.
        doneAt ??= job.state === "done" ? seenAt : undefined;
        if (job.state === "done" && (over || seenAt - doneAt! >= NEWS_MS)) {
          parts.collected();
          return readAnswer(job.answer);
        }
        if (job.state === "gone") throw untaken(runId);
        if (job.state === "lost") throw lost(runId);
        if (job.state === "running" || job.state === "done") idleSince = undefined;
        else idleSince ??= seenAt;
        const most = times.maxWaitMs + (job.state === "dead" ? 2 * times.lockMs : 0);
        const left = idleSince === undefined ? Infinity : most - (seenAt - idleSince);
        if (signal?.aborted === true && cancelledAt === undefined) {
          if (isShuttingDown(signal)) throw new OptimizerError("shutting_down");
          if (!owns) throw new OptimizerError("cancelled");
          const { state, ...at } = await parts.withdraw(true);
          if (state === "withdrawn") throw new OptimizerError("cancelled");
          cancelledAt = seenAt;
          if ("worker" in at) await parts.cancelAt(at.worker);
        } else if (left <= 0) {
          const { state } = await parts.withdraw(false);
          if (state === "withdrawn") throw job.state === "dead" ? widowed(runId) : untaken(runId);
        }
        rest = doneAt === undefined ? Math.max(10, Math.min(rest, left)) : NEWS_MS;
      } catch (error) {
        if (
          !OptimizerError.is(error) ||
          error.code !== "store_unavailable" ||
          error.data?.["lost"] === true
        ) {
          throw error;
        }
        if (signal?.aborted === true) throw new OptimizerError("cancelled", { cause: error });
        if (clock.elapsed() - seenAt >= times.awayMs) throw away(runId, error);
      }
      if (cancelledAt !== undefined && clock.elapsed() - cancelledAt >= times.cancelMs) {
        throw new OptimizerError("cancelled", {
          detail: `the worker of ${runId} has not said yet that it ended`,
        });
      }
      const stop = clock.schedule(rest, wake);
      await woken.promise;
      stop();
    }
  } finally {
    for (const one of [signal, parts.closing]) one?.removeEventListener("abort", wake);
    // Redis may be away: nobody waits for it here.
    void subscribed.then((unsubscribe) => unsubscribe()).catch(() => undefined);
  }
}

const isShuttingDown = ({ reason }: AbortSignal): boolean =>
  OptimizerError.is(reason) && reason.code === "shutting_down";

const untaken = (runId: string): OptimizerError =>
  new OptimizerError("sandbox_unavailable", {
    detail: `no worker took the run ${runId} in time; start workers: mcp-optimizer worker`,
    data: { run: runId },
  });

const widowed = (runId: string): OptimizerError =>
  new OptimizerError("sandbox_unavailable", {
    detail: `the worker of the run ${runId} has died, and no other took it over in time; what it did is in the execution log`,
    data: { run: runId },
  });

const lost = (runId: string): OptimizerError =>
  new OptimizerError("store_unavailable", {
    detail: `the queue does not know the run ${runId} any more; what it did is in the execution log`,
    data: { run: runId, lost: true },
  });

const away = (runId: string, cause: unknown): OptimizerError =>
  new OptimizerError("store_unavailable", {
    detail: `the queue cannot be reached; what the run ${runId} did is in the execution log`,
    data: { run: runId },
    cause,
  });
