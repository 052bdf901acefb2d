import { expect, test } from "vitest";
import { createEngineError, type EngineFault } from "../src/engine-fault.ts";
import { removeUntilGone } from "../src/remove-until-gone.ts";

/** Answers with these faults, one a call, and the last for ever; `undefined` is a removal. */
function answering(faults: readonly (EngineFault | undefined)[]): {
  remove: () => Promise<void>;
  calls: () => number;
} {
  let calls = 0;
  return {
    calls: () => calls,
    remove: async () => {
      const fault = faults[Math.min(calls++, faults.length - 1)];
      if (fault !== undefined) throw createEngineError(fault, "as told");
    },
  };
}

test("goes on until nothing is found, also after a removal that was said to be done", async () => {
  const { remove, calls } = answering(["conflict", "failed", undefined, "not_found"]);
  await removeUntilGone(remove, 10_000);
  expect(calls()).toBe(4);
});

test("gives up on a daemon that is lost, at once", async () => {
  const { remove, calls } = answering(["daemon_lost"]);
  await expect(removeUntilGone(remove, 10_000)).rejects.toMatchObject({ code: "sandbox_unavailable" });
  expect(calls()).toBe(1);
});

test("gives up on a container that does not go, when its time is over", async () => {
  const { remove, calls } = answering(["failed"]);
  await expect(removeUntilGone(remove, -1)).rejects.toMatchObject({ code: "sandbox_unavailable" });
  expect(calls()).toBe(1);
});
