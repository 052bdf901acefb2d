import { expect, test } from "vitest";
import { guestEnd, type EndFacts } from "../src/guest/guest-end.ts";

const facts: EndFacts = {
  exit: { code: 0, signal: null },
  killedFor: undefined,
  memoryKills: 0,
  cpuMs: 12,
  cpuLimitMs: 1000,
  softMemory: false,
  stderr: "",
};

test.each<[string, Partial<EndFacts>, string, string]>([
  ["an end by itself", {}, "exited", "exit code 0; 12 ms of CPU time"],
  [
    "an exit code that no signal has",
    { exit: { code: 255, signal: null } },
    "exited",
    "exit code 255; 12 ms",
  ],
  [
    "what the host did",
    { killedFor: "killed", exit: { code: null, signal: "SIGKILL" } },
    "killed",
    "SIGKILL",
  ],
  ["what the host did, though memory ran out too", { killedFor: "cpu", memoryKills: 1 }, "cpu", ""],
  [
    "the kernel's end for memory",
    { exit: { code: 137, signal: null }, memoryKills: 1 },
    "memory",
    "ended by SIGKILL",
  ],
  ["a child's end for memory", { exit: { code: 3, signal: null }, memoryKills: 1 }, "exited", "exit code 3"],
  ["the limit of one process's CPU time", { exit: { code: 152, signal: null } }, "cpu", "ended by SIGXCPU"],
  ["the hard limit", { exit: { code: 137, signal: null }, cpuMs: 1010 }, "cpu", "ended by SIGKILL"],
  ["its own SIGKILL", { exit: { code: 137, signal: null } }, "exited", "ended by SIGKILL"],
  [
    "a refused allocation where no cgroup is",
    { exit: { code: 134, signal: null }, softMemory: true, stderr: "FATAL: JavaScript heap out of memory" },
    "memory",
    "stderr: FATAL",
  ],
  [
    "the same words behind a cgroup, which are the guest's own",
    { exit: { code: 134, signal: null }, stderr: "out of memory" },
    "exited",
    "ended by SIGABRT",
  ],
])("tells of %s", (_, change, reason, words) => {
  const end = guestEnd({ ...facts, ...change });
  expect(end.reason).toBe(reason);
  expect(end.detail).toContain(words);
});
