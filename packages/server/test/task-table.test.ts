import { describe, expect, it } from "vitest";
import { taskLimits } from "../src/tasks/task-limits.ts";
import { createTaskTable } from "../src/tasks/task-table.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";

const ONE = { tenant: "one", principal: "ann" };

describe("the table of tasks", () => {
  it("shows a task to its owner only", () => {
    const table = createTaskTable(taskLimits({}), createManualClock());
    const { id } = table.open(ONE);
    expect(table.find({ ...ONE }, id)?.id).toBe(id);
    expect(table.find({ ...ONE, tenant: "two" }, id)).toBeUndefined();
    expect(table.find({ ...ONE, principal: "bob" }, id)).toBeUndefined();
  });

  it("aborts what goes on when it is disposed of, and keeps no timer", () => {
    const clock = createManualClock();
    const table = createTaskTable(taskLimits({}), clock);
    const [ended, open] = [table.open(ONE), table.open(ONE)];
    ended.complete({ content: [] });
    expect(clock.pending).toBe(1);
    table.dispose();
    expect([open.signal.aborted, clock.pending]).toEqual([true, 0]);
    open.complete({ content: [], isError: true });
    expect([open.view.status, clock.pending]).toEqual(["cancelled", 0]);
  });
});
