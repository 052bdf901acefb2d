import { expect, test } from "vitest";
import { LoopWatch, type LoopLateness } from "../../src/attacks/host/loop-watch.ts";
import { stolenMs } from "../../src/attacks/host/stolen-time.ts";
import { confirmLateness } from "../../src/attacks/run/confirm-lateness.ts";

const late = (lateMs: number): LoopLateness => ({ lateMs, wholeMs: lateMs, during: [`attack of ${lateMs}`] });

async function confirm(first: number, ...later: number[]): Promise<{ lateMs: number; asked: unknown[] }> {
  const asked: unknown[] = [];
  const { lateMs } = await confirmLateness(late(first), 50, async (during) => {
    asked.push(during);
    return late(later.shift()!);
  });
  return { lateMs, asked };
}

test("a loop that was free is not looked at again", async () => {
  expect(await confirm(50)).toEqual({ lateMs: 50, asked: [] });
});

test("what does not come again was the machine's", async () => {
  expect(await confirm(55, 12)).toEqual({ lateMs: 12, asked: [["attack of 55"]] });
  expect(await confirm(55, 60, 12)).toMatchObject({
    lateMs: 12,
    asked: [["attack of 55"], ["attack of 55"]],
  });
});

test("a loop that is held each time is late", async () => {
  expect(await confirm(80, 70, 90)).toMatchObject({ lateMs: 70 });
});

test("a loop that computes is late, and one that waits is not", async () => {
  const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 25));
  const watch = new LoopWatch();
  await turn();
  watch.underWay.add("holds");
  const before = process.threadCpuUsage().user;
  const stolen = stolenMs();
  while (process.threadCpuUsage().user - before < 60_000 + (stolenMs() - stolen) * 1_000);
  await turn();
  watch.underWay.clear();
  expect(watch.latest.during).toEqual(["holds"]);
  expect(watch.latest.lateMs).toBeGreaterThanOrEqual(49);
  const waiting = new LoopWatch();
  await turn();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  await turn();
  expect(waiting.stop().wholeMs).toBeGreaterThan(150);
  expect(waiting.latest.lateMs).toBeLessThan(150);
  watch.stop();
});
