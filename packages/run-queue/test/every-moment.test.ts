import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRedisLink } from "@mcp-optimizer/context-redis";
import type { ExecutionLog, RunQueue } from "@mcp-optimizer/contracts";
import { systemClock as clock } from "@mcp-optimizer/core";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createBullRunQueue } from "../src/index.ts";
import type { QueueLink } from "../src/queue-link.ts";
import { FINISH, TAKE } from "../src/worker-scripts.ts";
import { LOCK_MS, openProcess } from "./fixtures/engine-of.ts";

let redis: PrivateRedis;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "run-queue-"));
  redis = await startRedis();
});

afterAll(async () => {
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const CODE = `await notes.read({});
try {
  return await notes.write({ text: params.run + " once" });
} catch (error) {
  return { code: error.code, again: await notes.write({ text: params.run + " another" }) };
}`;

/** Where in a run its worker dies, and what is written in all. Where nobody can know whether it was, it is not written again. */
const MOMENTS: Readonly<Record<string, readonly string[]>> = {
  taken: ["once"],
  meant: ["once"],
  intended: ["another"],
  sent: ["once", "another"],
  replied: ["once", "another"],
  settled: ["once"],
  ending: ["once"],
  ended: ["once"],
  answered: ["once"],
};

/** Ends what there is of a worker for the others: it is heard of no more, and its run gets no further. */
type Die = (moment: string) => Promise<void>;

interface MortalLink {
  readonly link: QueueLink;
  readonly die: Die;
  readonly dead: Promise<void>;
}

async function mortalLink(moment: string): Promise<MortalLink> {
  const { promise: dead, resolve } = Promise.withResolvers<void>();
  const link = await openRedisLink({ url: redis.url });
  const clients: { disconnect(): void }[] = [];
  const die: Die = async (now) => {
    if (now !== moment) return;
    for (const client of clients) client.disconnect();
    await link.dispose();
    resolve();
    await new Promise(() => {});
  };
  const mortal: QueueLink = {
    ...link,
    blockingClient() {
      const client = link.blockingClient();
      clients.push(client);
      return client;
    },
    writing(source) {
      const script = link.writing(source);
      return async (...asked) => {
        const answer = await script(...asked);
        if (source === TAKE) await die("taken");
        if (source === FINISH) await die("answered");
        return answer;
      };
    },
  };
  return { link: mortal, die, dead };
}

test("wherever in a run its worker dies, what it wrote is written once", { timeout: 60_000 }, async () => {
  const deaths = new Map<string, Die>();
  const at = async (moment: string, runId: string): Promise<void> => await deaths.get(runId)!(moment);
  const watch = (log: ExecutionLog): ExecutionLog => ({
    ...log,
    async intend(...call) {
      await at("meant", call[1]);
      const index = await log.intend(...call);
      await at("intended", call[1]);
      return index;
    },
    async settle(...call) {
      await at("replied", call[1]);
      await log.settle(...call);
      await at("settled", call[1]);
    },
    async close(...run) {
      await at("ending", run[1]);
      await log.close(...run);
      await at("ended", run[1]);
    },
  });
  const written = (text: string): Promise<void> => at("sent", text.split(" ")[0]!);
  const queues = new Map<string, RunQueue>();
  const run: RunQueue["run"] = async (job, how) => await queues.get(job.runId)!.run(job, how);
  const [front, dying, other] = await Promise.all([
    openProcess(redis.url, folder, "front", { run }),
    openProcess(redis.url, folder, "worker", { watch, written }),
    openProcess(redis.url, folder, "worker"),
  ]);
  onTestFinished(() =>
    Promise.all([front.dispose(), dying.dispose(), other.dispose()]).then(() => undefined),
  );
  const after = async (moment: string): Promise<unknown> => {
    const { link, die, dead } = await mortalLink(moment);
    const times = { clock, name: moment, lockMs: LOCK_MS };
    const mortal = createBullRunQueue({ link, ...times });
    const queue = createBullRunQueue({ link: front.link, ...times });
    onTestFinished(() => queue.dispose());
    deaths.set(moment, die);
    queues.set(moment, queue);
    await dying.optimizer.work(mortal, { concurrency: 1 });
    // The machine has other things to do: it is connected first.
    await vi.waitFor(() => queue.status(), { timeout: 20_000 });
    const running = front.optimizer.run({ code: CODE, runId: moment, params: { run: moment } });
    await Promise.race([dead, running]);
    await other.optimizer.work(queue, { concurrency: 1 });
    return (await running).value;
  };
  const moments = Object.keys(MOMENTS);
  const values: unknown[] = [];
  for (let from = 0; from < moments.length; from += 3) {
    values.push(...(await Promise.all(moments.slice(from, from + 3).map(after))));
  }
  const lines = readFileSync(join(folder, "writes"), "utf8").trim().split("\n");
  for (const [index, moment] of moments.entries()) {
    const written = lines.filter((line) => line.startsWith(`${moment} `)).map((line) => line.split(" ")[1]);
    const doubtful = { code: "outcome_unknown", again: `wrote ${moment} another` };
    expect.soft({ moment, value: values[index], written }).toEqual({
      moment,
      value: MOMENTS[moment]!.includes("another") ? doubtful : `wrote ${moment} once`,
      written: MOMENTS[moment],
    });
  }
});
