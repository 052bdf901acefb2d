import { OptimizerError, type JobHandler, type JsonObject } from "@mcp-optimizer/contracts";
import { describe, expect } from "vitest";
import { errorOf, gate, job, queueTestOf, until, waiting, type RunQueueSuite } from "./queue-cases.ts";

const ONE = { concurrency: 1, languages: ["javascript"] } as const;

/** Holds a queue to the RunQueue port. Call it at the top of a vitest file. */
export function testRunQueue(suite: RunQueueSuite): void {
  const queueTest = queueTestOf(suite);
  const echo: JobHandler = async ({ work, tenant, runId }) => ({ work, tenant, runId });

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
      const queue = open({ weights: { heavy: 3, nothing: 0 } });
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
      await queue.run(job("nothing", {}));
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

    queueTest(
      "refuses bytes over its bounds, until those that wait have left in whatever way",
      async (open) => {
        const queue = open({ maxWaitingBytes: 3_000, maxWaitingBytesPerTenant: 2_000 });
        const text = "ü".repeat(350);
        const abort = new AbortController();
        const first = [
          errorOf(queue.run(job("a", { text }), { signal: abort.signal })),
          errorOf(queue.run(job("a", { text }), { signal: abort.signal })),
        ];
        await waiting(queue, 2);
        const refused = async (tenant: string, limit: string): Promise<void> => {
          const error = await errorOf(queue.run(job(tenant, { text })));
          expect(error).toMatchObject({
            code: "concurrency_limit",
            status: 429,
            data: { limit, retryAfter: 1 },
          });
        };
        await refused("a", "queue.maxWaitingBytesPerTenant");
        // It is bytes that are bounded: there is room for what has few of them.
        const kept = [queue.run(job("a", {})), queue.run(job("b", { text }))];
        await waiting(queue, 4);
        await refused("c", "queue.maxWaitingBytes");
        abort.abort();
        for (const left of await Promise.all(first)) expect(left.code).toBe("cancelled");
        const untaken = open({ maxWaitingBytes: 3_000, maxWaitingBytesPerTenant: 2_000, maxWaitMs: 100 });
        for (let round = 0; round < 2; round += 1) {
          const late = ["a", "c"].map((tenant) => errorOf(untaken.run(job(tenant, { text }))));
          for (const { code } of await Promise.all(late)) expect(code).toBe("sandbox_unavailable");
        }
        const { handler, began, letGo } = gate();
        const worker = await queue.work(handler, { concurrency: 4, languages: [] });
        await until(() => expect(began).toHaveLength(2));
        const given = ["a", "c"].map((tenant) => queue.run(job(tenant, { text })));
        await until(() => expect(began).toHaveLength(4));
        const closed = worker.close(0);
        await closed;
        await waiting(queue, 4);
        await refused("d", "queue.maxWaitingBytes");
        letGo();
        await queue.work(handler, ONE);
        await Promise.all([...kept, ...given]);
        await queue.run(job("d", { text }));
      },
    );

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
