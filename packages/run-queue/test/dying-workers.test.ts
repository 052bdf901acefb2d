import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRedisLink, type RedisLink } from "@mcp-optimizer/context-redis";
import { systemClock as clock } from "@mcp-optimizer/core";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createBullRunQueue } from "../src/index.ts";
import { openProcess, type TestProcess } from "./fixtures/engine-of.ts";
import { startChild, type Child } from "./fixtures/start-child.ts";

let redis: PrivateRedis;
let link: RedisLink;
let folder: string;
let front: TestProcess;
let second: Child;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "run-queue-"));
  redis = await startRedis();
  link = await openRedisLink({ url: redis.url });
  front = await openProcess(redis.url, folder, "front");
});

afterAll(async () => {
  await second?.kill();
  await front?.dispose();
  await link?.dispose();
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function child(script: string, args: readonly string[]): Child {
  const started = startChild(script, args);
  onTestFinished(() => started.kill());
  return started;
}

const linesOf = (file: string): string[] => {
  try {
    return readFileSync(join(folder, file), "utf8").trim().split("\n");
  } catch {
    return [];
  }
};
/** Each starts processes, on a machine that has other things to do. */
const TIME = { timeout: 90_000 };
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 30_000, interval: 20 });

const WRITES = `await notes.read({});
try {
  return await notes.write({ text: "once" });
} catch (error) {
  return { code: error.code, again: await notes.write({ text: "another" }) };
}`;

test(
  "a worker that is killed in the middle of a write: the run goes on, and the write is not repeated",
  TIME,
  async () => {
    writeFileSync(join(folder, "hang"), "");
    const first = child("engine-process.ts", [redis.url, folder]);
    await first.said;
    const running = front.optimizer.run({ code: WRITES, runId: "r_killed" });
    await until(() => expect(linesOf("writes")).toEqual(["once"]));
    await first.kill();
    rmSync(join(folder, "hang"));
    second = startChild("engine-process.ts", [redis.url, folder]);
    const report = await running;
    expect(report.value).toEqual({ code: "outcome_unknown", again: "wrote another" });
    expect(linesOf("writes")).toEqual(["once", "another"]);
    const status = await front.queue.status();
    expect(status.waiting).toBe(0);
  },
);

test("a front that is gone: another one has the answer, by the run's id", TIME, async () => {
  writeFileSync(join(folder, "hang"), "");
  const dying = await openProcess(redis.url, folder, "front");
  const { content: told } = await dying.optimizer.callTool("run_code", { code: WRITES });
  const { running: run } = JSON.parse(told[0]!["text"] as string) as { running: string };
  await until(() => expect(linesOf("writes")).toHaveLength(3));
  // For the others it is as if it had been killed: it takes back nothing.
  await dying.queue.dispose();
  await dying.link.dispose();
  const waiting = front.optimizer.callTool("run_code", { run }, { untilDone: true });
  rmSync(join(folder, "hang"));
  const { content } = await waiting;
  expect(JSON.parse(content[0]!["text"] as string)).toMatchObject({ value: "wrote once" });
  // Once more, after its end: from the log.
  const again = await front.optimizer.callTool("run_code", { run }, { untilDone: true });
  expect(JSON.parse(again.content[0]!["text"] as string)).toMatchObject({ value: "wrote once" });
  expect(linesOf("writes")).toHaveLength(3);
  await dying.dispose();
});

test("a worker that stood still has lost its job: its answer counts no more", TIME, async () => {
  const queue = createBullRunQueue({ link, clock, name: "still", lockMs: 1_000 });
  onTestFinished(() => queue.dispose());
  const first = child("plain-worker.ts", [redis.url, "still", folder, "a"]);
  await first.said;
  const job = { tenant: "t", runId: "r", same: "s", work: {} };
  const running = queue.run(job);
  await until(() => expect(linesOf("began")).toEqual(["a"]));
  first.signal("SIGSTOP");
  const other = child("plain-worker.ts", [redis.url, "still", folder, "b"]);
  await other.said;
  await until(() => expect(linesOf("began")).toEqual(["a", "b"]));
  first.signal("SIGCONT");
  writeFileSync(join(folder, "a"), "");
  await until(() => expect(linesOf("answered")).toEqual(["a"]));
  // It takes the next job: its answer to the first is in, if it is at all.
  const next = await queue.run({ ...job, runId: "next", same: "next" });
  expect(next).toEqual({ by: "a", takeOver: false });
  writeFileSync(join(folder, "b"), "");
  expect(await running).toEqual({ by: "b", takeOver: true });
});

test("a job of which workers die is given up, and its front is told the run", TIME, async () => {
  const queue = createBullRunQueue({ link, clock, name: "deadly", lockMs: 1_000, maxWaitMs: 60_000 });
  onTestFinished(() => queue.dispose());
  const failed = expect(
    queue.run({ tenant: "t", runId: "r_deadly", same: "s", work: {} }),
  ).rejects.toMatchObject({
    code: "sandbox_unavailable",
    message: expect.stringMatching(/1 workers? died.*r_deadly/) as string,
  });
  const dying = child("plain-worker.ts", [redis.url, "deadly", folder, "c"]);
  await until(() => expect(linesOf("began")).toEqual(["a", "b", "a", "c"]));
  await dying.kill();
  const next = createBullRunQueue({ link, clock, name: "deadly", lockMs: 1_000, maxAttempts: 1 });
  onTestFinished(() => next.dispose());
  const began: unknown[] = [];
  await next.work(async ({ runId }) => (began.push(runId), {}), { concurrency: 1, languages: [] });
  await failed;
  expect(began).toEqual([]);
});
