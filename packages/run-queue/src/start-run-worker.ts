import { randomBytes } from "node:crypto";
import {
  OptimizerError,
  type Clock,
  type JobHandler,
  type Log,
  type QueuedJob,
  type RunWorker,
  type RunWorkerOptions,
} from "@mcp-optimizer/contracts";
import { answerText, errorText, newsText, type JobNews } from "./answers.ts";
import { openBullWorker, type BullParts } from "./bull.ts";
import { openLastingBullWorker } from "./lasting-bull-worker.ts";
import type { QueueKeys } from "./queue-keys.ts";
import type { QueueLink } from "./queue-link.ts";
import type { QueueTimes } from "./queue-times.ts";
import { BEAT, FINISH, GIVE_BACK, LEAVE, TAKE } from "./worker-scripts.ts";

/** What a worker stands on. */
export interface RunWorkerParts {
  readonly bull: BullParts;
  readonly link: QueueLink;
  readonly clock: Pick<Clock, "elapsed" | "schedule">;
  readonly keys: QueueKeys;
  readonly times: QueueTimes;
  readonly maxAttempts: number;
  /** How long a job that was given back counts as waiting. */
  readonly holdMs: number;
  readonly log: Log;
}

interface Held {
  readonly id: string;
  /** Which taking of the job it was, from 1: only the last one's answer counts. */
  readonly taking: string;
  readonly abort: AbortController;
}

/** What a handler has to end in once it was told to; after it the process goes without it. */
const END_MS = 5_000;
const RETRY_MS = 500;
/** Signs of life at which jobs wait, and none comes to a worker that has room, until it is thought deaf. */
const MISSED = 2;

/** Starts a {@link RunWorker}; `closed` is told once. */
export async function startRunWorker(
  parts: RunWorkerParts,
  handler: JobHandler,
  { concurrency, languages }: RunWorkerOptions,
  closed: () => void,
): Promise<RunWorker> {
  const { link, clock, keys, times, log, holdMs } = parts;
  const me = randomBytes(9).toString("base64url");
  const scripts = {
    take: link.writing(TAKE),
    finish: link.writing(FINISH),
    giveBack: link.writing(GIVE_BACK),
    beat: link.writing(BEAT),
    leave: link.writing(LEAVE),
  };
  /** A job that was lost while this process stood still may come here again before it has ended here. */
  const held = new Set<Held>();
  const end = (id: string): void => {
    for (const one of held) if (one.id === id) one.abort.abort();
  };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.schedule(ms, resolve));
  /** Jobs that came since the last sign of life, and signs of life in a row at which there was one to have, and none came. */
  let came = 0;
  let missed = 0;
  /** Jobs that were given to this worker, and which it has not taken yet. */
  let coming = 0;
  let leaving = false;
  let closing: Promise<void> | undefined;

  const tell = (id: string, news: JobNews): void =>
    void link.publish(keys.jobNews(id), newsText(news)).catch(() => undefined);
  /** Until it is kept or somebody else has the job: an answer is worth some patience. */
  const kept = async (id: string, { taking }: Held, job: QueuedJob, answer: string): Promise<void> => {
    const from = clock.elapsed();
    for (;;) {
      try {
        await scripts.finish([keys.job(id), keys.run(job.tenant, job.runId)], [taking, answer, times.keepMs]);
        return;
      } catch (error) {
        if (clock.elapsed() - from > times.lockMs) throw error;
        await pause(RETRY_MS);
      }
    }
  };
  const perform = async (id: string, job: QueuedJob): Promise<void> => {
    const { tenant, runId } = job;
    const waiting = keys.waitingOf(tenant);
    coming += 1;
    const given = await scripts
      .take(
        [keys.job(id), keys.run(tenant, runId), ...waiting, keys.time],
        [id, me, parts.maxAttempts, errorText(wornOut(runId, parts.maxAttempts)), times.keepMs],
      )
      .catch(async (error: unknown) => {
        // It waits again, and would come again at once.
        await pause(RETRY_MS);
        throw error;
      })
      .finally(() => (coming -= 1));
    const [state, taking, cancelled] = given as [string, number, string];
    came += 1;
    tell(id, { look: true });
    if (state !== "taken") return;
    end(id);
    const own: Held = { id, taking: String(taking), abort: new AbortController() };
    held.add(own);
    if (cancelled === "1") own.abort.abort();
    if (leaving) own.abort.abort(LEAVING);
    try {
      const answer = await handler(job, {
        takeOver: taking > 1,
        signal: own.abort.signal,
        onProgress: (progress) => tell(id, { progress }),
      })
        .then(answerText)
        .catch(errorText);
      if (own.abort.signal.reason === LEAVING) {
        await scripts.giveBack([keys.job(id), ...waiting], [own.taking, id, holdMs]);
        throw new Error("The worker leaves; another one takes the job");
      }
      await kept(id, own, job, answer);
    } finally {
      held.delete(own);
      tell(id, { over: true });
    }
  };

  const beat = async (): Promise<void> => {
    const jobs = [...held];
    const [waiting, unwanted] = (await scripts.beat(
      [keys.workers, keys.abilities, keys.waiting, ...jobs.map(({ id }) => keys.job(id))],
      [me, times.lockMs, JSON.stringify(languages), ...jobs.map(({ taking }) => taking)],
    )) as [number, number[]];
    for (const place of unwanted) jobs[place - 1]?.abort.abort();
    const starves = waiting > 0 && came === 0 && held.size < concurrency;
    missed = starves ? missed + 1 : 0;
    came = 0;
  };
  const hear = (): void => {
    if (missed < MISSED || closing !== undefined) return;
    missed = 0;
    log({ level: "warn", message: "Runs wait and none comes here; the queue is opened anew" });
    bull.renew();
  };
  let stopBeating = (): void => {};
  const beatOn = (): void => {
    stopBeating = clock.schedule(Math.ceil(times.lockMs / 3), () => {
      void beat()
        .then(hear)
        .catch((cause: unknown) =>
          log({ level: "debug", message: "A worker could not say that it is alive", cause }),
        )
        .finally(() => {
          if (!ended) beatOn();
        });
    });
  };
  let ended = false;
  await beat();
  const unsubscribe = await link.subscribe(keys.workerNews(me), {
    onNews: end,
  });
  const bull = await openLastingBullWorker({
    open: () => openBullWorker(parts.bull, { concurrency, lockMs: times.lockMs }, perform),
    concurrency,
    running: () => held.size,
  }).catch((error: unknown) => {
    void unsubscribe().catch(() => undefined);
    void scripts.leave([keys.workers, keys.abilities], [me]).catch(() => undefined);
    throw error;
  });
  beatOn();

  const finish = async (graceMs: number): Promise<void> => {
    const done = bull.close();
    if (held.size + coming > 0 && !(await within(clock, done, graceMs))) {
      leaving = true;
      for (const { abort } of held) abort.abort(LEAVING);
    }
    if (!(await within(clock, done, END_MS))) await bull.abandon();
    ended = true;
    stopBeating();
    void unsubscribe().catch(() => undefined);
    await scripts.leave([keys.workers, keys.abilities], [me]).catch(() => undefined);
    closed();
  };
  return {
    get running() {
      return held.size;
    },
    close: (graceMs = 0) => (closing ??= finish(graceMs)),
    [Symbol.asyncDispose]: () => (closing ??= finish(0)),
  };
}

/** Whether something is over in time. */
async function within(clock: Pick<Clock, "schedule">, work: Promise<void>, ms: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>();
  const stop = clock.schedule(ms, () => resolve(false));
  const done = await Promise.race([work.then(() => true), promise]);
  stop();
  return done;
}

const LEAVING = new Error("The worker leaves");

const wornOut = (runId: string, attempts: number): OptimizerError =>
  new OptimizerError("sandbox_unavailable", {
    detail: `${attempts} ${attempts === 1 ? "worker" : "workers"} died while doing the run ${runId}; what it did is in the execution log`,
    data: { run: runId },
  });
