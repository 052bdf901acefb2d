import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { killProcesses } from "../src/guest/kill-processes.ts";

async function sleeper(): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  await once(child, "spawn");
  return child as ChildProcess & { readonly pid: number };
}

test("what was named once is waited for, though nothing names it any more", async () => {
  const child = await sleeper();
  const exited = once(child, "exit");
  const lists = [[child.pid]];
  await killProcesses(async () => lists.shift() ?? []);
  expect(await exited).toEqual([null, "SIGKILL"]);
});

test("what is ending is waited for and not killed", async () => {
  const child = await sleeper();
  const exited = once(child, "exit");
  let listed = 0;
  const list = async (): Promise<number[]> => {
    if (++listed === 3) child.kill("SIGTERM");
    return [];
  };
  await killProcesses(list, [child.pid]);
  expect(await exited).toEqual([null, "SIGTERM"]);
  expect(listed).toBeGreaterThanOrEqual(3);
});

test("an id that no process has is not waited for", async () => {
  await expect(killProcesses(async () => [], [2 ** 22 + 1])).resolves.toBeUndefined();
});
