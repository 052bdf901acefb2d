import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { CpuBudget } from "../../src/host/cpu-budget.ts";

test("a process that has used up its budget is ended by the kernel, and its time is counted from the start of the budget", async () => {
  const child = spawn("sh", ["-c", "while :; do :; done"], { stdio: "ignore" });
  const ended = once(child, "exit");
  const budget = new CpuBudget(child.pid ?? 0, undefined, 500);
  expect(await budget.usage()).toMatchObject({ cpuMs: 0 });
  await budget.start();
  expect(await ended).toEqual([null, "SIGXCPU"]);
  expect(await budget.usage()).toEqual({});
});

test("a process that is gone cannot be given a budget", async () => {
  const child = spawn("true");
  await once(child, "exit");
  await expect(new CpuBudget(child.pid ?? 0, undefined, 500).start()).rejects.toThrow("prlimit");
});
