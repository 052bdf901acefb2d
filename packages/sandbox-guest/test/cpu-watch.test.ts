import { expect, test } from "vitest";
import { CpuWatch } from "../src/cpu-watch.ts";

test("looks until the limit is reached, also after a look that failed", async () => {
  const answers: (number | Error)[] = [10, 20, new Error("busy"), 99, 101];
  const exceeded = Promise.withResolvers<void>();
  let looks = 0;
  const watch = new CpuWatch({
    limitMs: 100,
    cpus: 100,
    measure: async () => {
      const answer = answers[looks++]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onExceeded: exceeded.resolve,
  });
  await exceeded.promise;
  watch.stop();
  expect(looks).toBe(answers.length);
});

test("says nothing once it is stopped, even in the middle of a look", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<number>();
  let exceeded = false;
  const watch = new CpuWatch({
    limitMs: 1,
    cpus: 1,
    measure: () => {
      asked.resolve();
      return answer.promise;
    },
    onExceeded: () => {
      exceeded = true;
    },
  });
  await asked.promise;
  watch.stop();
  answer.resolve(1000);
  await answer.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(exceeded).toBe(false);
});
