import {
  OptimizerError,
  type JobHandler,
  type JsonObject,
  type QueuedJob,
  type RunQueue,
} from "@mcp-optimizer/contracts";
import { expect, test, vi } from "vitest";

/** Settings that the suite tries. */
export interface RunQueueSettings {
  readonly maxWaiting?: number;
  readonly maxWaitingPerTenant?: number;
  readonly maxWaitingBytes?: number;
  readonly maxWaitingBytesPerTenant?: number;
  readonly weights?: Readonly<Record<string, number>>;
  readonly maxWaitMs?: number;
}

/** A place where queues of several processes are one. */
export interface RunQueueHarness {
  /** The queue, as a process has it. The suite disposes of it. */
  readonly open: (settings?: RunQueueSettings) => RunQueue;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface RunQueueSuite {
  readonly name: string;
  /** Makes a place that nobody else uses. */
  readonly create: () => RunQueueHarness | Promise<RunQueueHarness>;
}

/** Makes the `test` of a suite: its body opens queues, which are disposed of. */
export function queueTestOf(
  suite: RunQueueSuite,
): (name: string, body: (open: RunQueueHarness["open"]) => Promise<void>) => void {
  return (name, body) => {
    test(name, async () => {
      const harness = await suite.create();
      const opened: RunQueue[] = [];
      try {
        await body((settings) => {
          const queue = harness.open(settings);
          opened.push(queue);
          return queue;
        });
      } finally {
        for (const queue of opened) await queue.dispose();
        await harness.dispose?.();
      }
    });
  };
}

let made = 0;

/** A job of a run of its own. */
export function job(tenant: string, work: JsonObject, more: Partial<QueuedJob> = {}): QueuedJob {
  made += 1;
  return { tenant, runId: `r_${made}`, same: `s_${made}`, work, ...more };
}

/** A handler that does nothing until it is let go, and what came to it. */
export interface JobGate {
  readonly handler: JobHandler;
  readonly began: readonly { readonly work: JsonObject; readonly takeOver: boolean }[];
  readonly letGo: () => void;
}

/** Makes a {@link JobGate}. */
export function gate(): JobGate {
  const began: { work: JsonObject; takeOver: boolean }[] = [];
  let open = false;
  const waiting: (() => void)[] = [];
  const handler: JobHandler = async ({ work }, { signal, takeOver }) => {
    began.push({ work, takeOver });
    const { promise, resolve } = Promise.withResolvers<void>();
    if (open) resolve();
    waiting.push(resolve);
    signal.addEventListener("abort", () => resolve());
    if (signal.aborted) resolve();
    await promise;
    return { work, aborted: signal.aborted };
  };
  const letGo = (): void => {
    open = true;
    for (const resolve of waiting) resolve();
  };
  return { handler, began, letGo };
}

/** Waits until a check passes. */
export async function until(check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 10_000, interval: 10 });
}

/** Waits until so many jobs wait. */
export async function waiting(queue: RunQueue, count: number): Promise<void> {
  await until(async () => expect((await queue.status()).waiting).toBe(count));
}

/** What a job is rejected with. */
export async function errorOf(running: Promise<unknown>): Promise<OptimizerError> {
  const error: unknown = await running.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!OptimizerError.is(error)) throw new Error("it did not reject as it should", { cause: error });
  return error;
}
