import { expect, test } from "vitest";
import { guestEnd, type EndFacts } from "../src/guest-end.ts";

const facts: EndFacts = {
  killedFor: undefined,
  seen: true,
  state: { running: false, pid: 0, exitCode: 0, outOfMemory: false, error: "" },
  cpuLimitPossible: false,
  stderr: "",
};
const ended = (exitCode: number, outOfMemory = false) => ({
  running: false,
  pid: 0,
  exitCode,
  outOfMemory,
  error: "",
});

test.each<[string, Partial<EndFacts>, string]>([
  ["an exit", { state: ended(3) }, "exited"],
  ["out of memory", { state: ended(137, true), cpuLimitPossible: true }, "memory"],
  ["the kernel's CPU limit", { state: ended(137), cpuLimitPossible: true }, "cpu"],
  ["a kill that is not ours", { state: ended(137) }, "exited"],
  ["our kill", { killedFor: "killed", seen: true, state: undefined }, "killed"],
  ["our CPU watch", { killedFor: "cpu", state: undefined }, "cpu"],
  ["a removal from outside", { state: undefined }, "killed"],
  ["a lost daemon", { seen: false, state: undefined }, "lost"],
])("%s", (_, changes, reason) => {
  const end = guestEnd({ ...facts, stderr: "last words", ...changes });
  expect(end.reason).toBe(reason);
  expect(end.detail).toContain("last words");
});
