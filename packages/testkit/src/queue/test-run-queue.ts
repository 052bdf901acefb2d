import {
  OptimizerError,
  type JobHandler,
  type JsonObject,
  type QueuedJob,
  type RunQueue,
} from "@mcp-optimizer/contracts";
import { describe, expect, test, vi } from "vitest";

/** Settings that the suite tries. */
export interface RunQueueSettings {
  readonly maxWaiting?: number;
  readonly maxWaitingPerTenant?: number;
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

const ONE = { concurrency: 1, languages: ["javascript"] } as const;
let made = 0;

/** Holds a queue to the RunQueue port. Call it at the top of a vitest file. */
export function testRunQueue(suite: RunQueueSuite): void {
  const queueTest = (name: string, body: (open: RunQueueHarness["open"]) => Promise<void>): void => {
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
  const job = (tenant: string, work: JsonObject, more: Partial<QueuedJob> = {}): QueuedJob => {
    made += 1;
    return { tenant, runId: `r_${made}`, same: `s_${made}`, work, ...more };
  };
  const echo: JobHandler = async ({ work, tenant, runId }) => ({ work, tenant, runId });
  /** A handler that does nothing until it is let go, and what came to it. */
  const gate = () => {
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
  };
  const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 10 });
  const waiting = (queue: RunQueue, count: number): Promise<void> =>
    vi.waitFor(async () => expect((await queue.status()).waiting).toBe(count), {
      timeout: 10_000,
      interval: 10,
    });
  const errorOf = async (running: Promise<unknown>): Promise<OptimizerError> => {
    const error: unknown = await running.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (!OptimizerError.is(error)) throw new Error("it did not reject as it should", { cause: error });
    return error;
  };

  describe(`${suite.name} is a queue of runs`, () => {
    queueTest("brings jobs to workers and answers back, whole", async (open) => {
      const queue = open();
      await queue.work(echo, { concurrency: 4, languages: ["javascript"] });
      const works: JsonObject[] = [
        {},
        { text: "ü😀\u0000\r\n" },
        { long: "x".repeat(2_000_000) },
        { deep: [[{ a: null }]] },
      ];
      const jobs = works.map((work, index) => job(`t${index % 2}`, work));
      const answers = await Promise.all(jobs.map((one) => queue.run(one)));
      expect(answers).toEqual(jobs.map(({ work, tenant, runId }) => ({ work, tenant, runId })));
    });

    queueTest(
      "tells the front what the handler rejected with, and hides what is no such error",
      async (open) => {
        const queue = open();
        await queue.work(
          async ({ work }) => {
            if (work["secret"] === undefined) {
              throw new OptimizerError("conflict", { detail: "held by another", data: { run: "r" } });
            }
            throw new Error("password: hunter2");
          },
          { concurrency: 1, languages: [] },
        );
        const error = await errorOf(queue.run(job("t", {})));
        expect(error).toMatchObject({ code: "conflict", data: { run: "r" } });
        expect(error.message).toContain("held by another");
        const hidden = await errorOf(queue.run(job("t", { secret: true })));
        expect(hidden.code).toBe("internal");
        expect(JSON.stringify([hidden.message, hidden.data])).not.toContain("hunter2");
      },
    );

    queueTest("tells of progress, in order", async (open) => {
      const queue = open();
      await queue.work(
        async (_job, { onProgress }) => {
          for (let progress = 1; progress <= 20; progress += 1)
            onProgress({ progress, message: `step ${progress}` });
          return {};
        },
        { concurrency: 1, languages: [] },
      );
      const heard: number[] = [];
      await queue.run(job("t", {}), { onProgress: ({ progress }) => void heard.push(progress) });
      expect(heard).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    queueTest("does no more at once than a worker may", async (open) => {
      const queue = open();
      const { handler, began, letGo } = gate();
      const worker = await queue.work(handler, { concurrency: 2, languages: [] });
      const running = [1, 2, 3, 4].map((n) => queue.run(job("t", { n })));
      await until(() => expect(began).toHaveLength(2));
      expect(worker.running).toBe(2);
      letGo();
      await Promise.all(running);
      expect(began).toHaveLength(4);
    });

    queueTest("lets tenants take turns", async (open) => {
      const queue = open();
      const { handler, began, letGo } = gate();
      const running = [queue.run(job("many", {}))];
      const worker = await queue.work(handler, ONE);
      await until(() => expect(began).toHaveLength(1));
      const noted = async (tenant: string): Promise<void> => {
        await queue.run(job(tenant, { tenant }));
      };
      const waits = Array.from({ length: 100 }, () => noted("many"));
      await waiting(queue, 100);
      waits.push(...Array.from({ length: 5 }, () => noted("few")));
      await waiting(queue, 105);
      letGo();
      await Promise.all([...running, ...waits]);
      const turns = began.slice(1).map(({ work }) => work["tenant"]);
      expect(turns).toHaveLength(105);
      expect(turns.lastIndexOf("few")).toBeLessThan(12);
      await worker.close();
    });

    queueTest("gives more turns to a tenant that weighs more", async (open) => {
      const queue = open({ weights: { heavy: 3 } });
      const { handler, began, letGo } = gate();
      const first = queue.run(job("light", {}));
      await queue.work(handler, ONE);
      await until(() => expect(began).toHaveLength(1));
      const waits = ["light", "heavy"].flatMap((tenant) =>
        Array.from({ length: 12 }, () => queue.run(job(tenant, { tenant }))),
      );
      await waiting(queue, 24);
      letGo();
      await Promise.all([first, ...waits]);
      const turns = began.slice(1, 13).map(({ work }) => work["tenant"]);
      const heavy = turns.filter((tenant) => tenant === "heavy").length;
      expect(heavy).toBeGreaterThanOrEqual(8);
      expect(heavy).toBeLessThan(12);
    });

    queueTest("refuses what is over its bounds, of all and of a tenant, and takes it later", async (open) => {
      const queue = open({ maxWaiting: 3, maxWaitingPerTenant: 2 });
      const waits = [queue.run(job("a", {})), queue.run(job("a", {}))];
      await waiting(queue, 2);
      const own = await errorOf(queue.run(job("a", {})));
      expect(own).toMatchObject({ code: "concurrency_limit", status: 429 });
      expect(own.data).toMatchObject({ limit: "queue.maxWaitingPerTenant", retryAfter: 1 });
      expect(own.data?.["retryAfterMs"]).toBeGreaterThan(0);
      waits.push(queue.run(job("b", {})));
      await waiting(queue, 3);
      const all = await errorOf(queue.run(job("c", {})));
      expect(all).toMatchObject({ code: "concurrency_limit", data: { limit: "queue.maxWaiting" } });
      await queue.work(echo, ONE);
      await Promise.all(waits);
      await queue.run(job("c", {}));
    });

    queueTest("takes a waiting job out when it is cancelled", async (open) => {
      const queue = open({ maxWaiting: 1 });
      const abort = new AbortController();
      const cancelled = errorOf(queue.run(job("a", { n: 1 }), { signal: abort.signal }));
      await waiting(queue, 1);
      abort.abort();
      expect((await cancelled).code).toBe("cancelled");
      expect((await errorOf(queue.run(job("a", {}), { signal: AbortSignal.abort() }))).code).toBe(
        "cancelled",
      );
      const { handler, began, letGo } = gate();
      letGo();
      const next = queue.run(job("a", { n: 2 }));
      await queue.work(handler, ONE);
      await next;
      expect(began.map(({ work }) => work)).toEqual([{ n: 2 }]);
    });

    queueTest("ends a job that is under way when it is cancelled", async (open) => {
      const queue = open();
      const abort = new AbortController();
      const { handler, began } = gate();
      await queue.work(handler, ONE);
      const running = queue.run(job("a", {}), { signal: abort.signal });
      await until(() => expect(began).toHaveLength(1));
      abort.abort();
      await expect(running).resolves.toMatchObject({ aborted: true });
    });

    queueTest("says so when nobody takes a job in time, and nobody takes it later", async (open) => {
      const queue = open({ maxWaitMs: 100 });
      const error = await errorOf(queue.run(job("a", { n: 1 }, { runId: "r_nobody" })));
      expect(error.code).toBe("sandbox_unavailable");
      expect(error.message).toContain("r_nobody");
      const { handler, began, letGo } = gate();
      letGo();
      await queue.work(handler, ONE);
      await queue.run(job("a", { n: 2 }));
      expect(began.map(({ work }) => work)).toEqual([{ n: 2 }]);
    });

    queueTest("joins a job of the same run that asks for the same, and no other", async (open) => {
      const queue = open();
      const { handler, began, letGo } = gate();
      await queue.work(handler, { concurrency: 4, languages: [] });
      const one = job("a", { n: 1 }, { runId: "r_joined", same: "same" });
      const first = queue.run(one);
      await until(() => expect(began).toHaveLength(1));
      const abort = new AbortController();
      const left = errorOf(queue.run({ ...one, work: { n: 2 } }, { signal: abort.signal }));
      const joined = queue.run({ ...one, work: { n: 3 } });
      const others = [
        { ...one, same: "other" },
        { ...one, tenant: "b" },
        { ...one, runId: "r_other" },
      ];
      const running = others.map((other) => queue.run(other));
      await until(() => expect(began).toHaveLength(4));
      abort.abort();
      expect((await left).code).toBe("cancelled");
      letGo();
      expect(await first).toEqual({ work: { n: 1 }, aborted: false });
      expect(await joined).toEqual({ work: { n: 1 }, aborted: false });
      await Promise.all(running);
      // It is over, and its answer was had: who asks again asks anew.
      await queue.run(one);
      expect(began).toHaveLength(5);
    });

    queueTest(
      "leaves a job to its worker when the front shuts down, and another front finds it",
      async (open) => {
        const queue = open();
        const { handler, began, letGo } = gate();
        await queue.work(handler, ONE);
        const abort = new AbortController();
        const one = job("a", { n: 1 });
        const left = errorOf(queue.run(one, { signal: abort.signal }));
        await until(() => expect(began).toHaveLength(1));
        abort.abort(new OptimizerError("shutting_down"));
        expect((await left).code).toBe("shutting_down");
        const found = queue.run(one);
        letGo();
        expect(await found).toEqual({ work: { n: 1 }, aborted: false });
        expect(began).toHaveLength(1);
      },
    );

    queueTest("a worker that closes finishes what it has", async (open) => {
      const queue = open();
      const { handler, began, letGo } = gate();
      const worker = await queue.work(handler, ONE);
      const running = queue.run(job("a", {}));
      await until(() => expect(began).toHaveLength(1));
      const closed = worker.close(60_000);
      letGo();
      await closed;
      await expect(running).resolves.toMatchObject({ aborted: false });
      expect(worker.running).toBe(0);
      await worker.close();
    });

    queueTest(
      "a worker that has no time to finish gives back what it has, for another to take over",
      async (open) => {
        const queue = open();
        const { handler, began } = gate();
        const worker = await queue.work(handler, ONE);
        const running = queue.run(job("a", { n: 1 }));
        await until(() => expect(began).toHaveLength(1));
        await worker.close(0);
        const next = gate();
        next.letGo();
        await queue.work(next.handler, ONE);
        await expect(running).resolves.toMatchObject({ work: { n: 1 }, aborted: false });
        expect(began).toEqual([{ work: { n: 1 }, takeOver: false }]);
        expect(next.began).toEqual([{ work: { n: 1 }, takeOver: true }]);
      },
    );

    queueTest("knows what its workers can run", async (open) => {
      const queue = open();
      expect((await queue.status()).languages).toEqual([]);
      const one = await queue.work(echo, ONE);
      const two = await queue.work(echo, { concurrency: 1, languages: ["javascript", "python"] });
      expect((await queue.status()).languages).toEqual(["javascript", "python"]);
      await two.close();
      expect((await queue.status()).languages).toEqual(["javascript"]);
      await one.close();
      expect(await queue.status()).toEqual({ waiting: 0, workers: 0, languages: [] });
    });

    queueTest("does nothing after its end", async (open) => {
      const queue = open();
      await queue.work(echo, ONE);
      await queue.dispose();
      for (const asked of [queue.run(job("a", {})), queue.work(echo, ONE), queue.status()]) {
        expect((await errorOf(asked)).code).toBe("shutting_down");
      }
      await queue.dispose();
    });

    queueTest("refuses a job that is too large, or too deep", async (open) => {
      const queue = open();
      const error = await errorOf(queue.run(job("a", { text: "x".repeat(17 * 1_048_576) })));
      expect(error.code).toBe("output_limit");
      let deep: JsonObject = {};
      for (let level = 0; level < 100_000; level += 1) deep = { deep };
      expect((await errorOf(queue.run(job("a", deep)))).code).toBe("output_limit");
    });

    queueTest("keeps names that mean something to JavaScript", async (open) => {
      const queue = open();
      await queue.work(echo, ONE);
      const work = JSON.parse('{"__proto__":{"a":1},"constructor":{"b":[]},"toString":"x"}') as JsonObject;
      const answer = await queue.run(job("__proto__", work, { runId: "constructor" }));
      expect(JSON.stringify(answer)).toBe(
        JSON.stringify({ work, tenant: "__proto__", runId: "constructor" }),
      );
    });
  });
}
