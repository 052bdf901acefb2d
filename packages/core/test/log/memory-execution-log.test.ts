import { createManualClock, testExecutionLog } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createMemoryExecutionLog } from "../../src/log/memory-execution-log.ts";

testExecutionLog({
  name: "memory",
  create: () => {
    const clock = createManualClock();
    return { log: createMemoryExecutionLog({ clock }), pass: (ms) => clock.advance(ms) };
  },
});

test("forgets the closed runs that were used longest ago, never an open one", async () => {
  const log = createMemoryExecutionLog({ clock: createManualClock(), maxRuns: 2 });
  const start = {
    tenant: "t",
    program: "p",
    source: { kind: "revert", runId: "q" } as const,
    at: 0,
    owner: "o",
    leaseMs: 1_000,
  };
  await log.open({ ...start, runId: "open" });
  for (const runId of ["a", "b", "c"]) {
    await log.open({ ...start, runId });
    await log.close("t", runId, "o");
  }
  const { runs } = await log.list("t");
  expect(runs.map(({ runId }) => runId)).toEqual(["c", "open"]);
});

test("forgets closed runs when their results are over its size", async () => {
  const log = createMemoryExecutionLog({ clock: createManualClock(), maxSize: 1_000 });
  const intent = { key: "k", tool: "a.b", toolHash: "h", args: {}, effect: "read", at: 0 } as const;
  for (const runId of ["a", "b", "c"]) {
    await log.open({
      tenant: "t",
      program: "p",
      source: { kind: "revert", runId: "q" } as const,
      at: 0,
      owner: "o",
      leaseMs: 1_000,
      runId,
    });
    await log.intend("t", runId, "o", intent);
    await log.settle("t", runId, "o", 0, { state: "applied", value: "x".repeat(400) });
    await log.close("t", runId, "o");
  }
  expect((await log.list("t")).runs.map(({ runId }) => runId)).toEqual(["c", "b"]);
});
