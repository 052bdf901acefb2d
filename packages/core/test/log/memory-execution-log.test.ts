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
  const start = { tenant: "t", program: "p", at: 0, owner: "o", leaseMs: 1_000 };
  await log.open({ ...start, runId: "open" });
  for (const runId of ["a", "b", "c"]) {
    await log.open({ ...start, runId });
    await log.close("t", runId, "o");
  }
  const { runs } = await log.list("t");
  expect(runs.map(({ runId }) => runId)).toEqual(["c", "open"]);
});
