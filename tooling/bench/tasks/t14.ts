import type { BenchTask } from "../src/tasks/bench-task.ts";

export const T14: BenchTask = {
  id: "T14",
  servers: ["everything"],
  request: () =>
    "Add the numbers from 1 to 20 with the tool that sums two numbers: start with 0 and add one number in each call.",
  searches: ["sum of two numbers"],
  probes: () => [{ code: "return await everything.getSum({ a: 1, b: 2 });", tools: ["everything.getSum"] }],
  program: () =>
    `
let sum = 0;
for (let i = 1; i <= 20; i++) {
  const text = await everything.getSum({ a: sum, b: i });
  sum = Number(text.match(/is (\\d+)/)[1]);
}
return sum;
`.trim(),
  expected: () => 210,
};
