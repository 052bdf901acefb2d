import type { JsonObject } from "@mcp-optimizer/contracts";
import { describe, expect, it } from "vitest";
import { startHttp } from "./fixtures/http-server.ts";
import { createManualClock, type ManualClock } from "./fixtures/manual-clock.ts";
import { PATIENT } from "./fixtures/patient.ts";
import { createFragileState } from "./fixtures/shared-state.ts";
import { httpDispatch } from "./fixtures/task-port.ts";
import { createTaskSource } from "./fixtures/task-source.ts";

const LEASE_MS = 15_000;
const YES = { action: "accept", content: { approve: true } };
const ARGS = { amount: 5 };

/** A call at the first of two processes that became a task, and how to ask the second about it. */
async function start() {
  const clocks: [ManualClock, ManualClock] = [createManualClock(), createManualClock()];
  const shared = createFragileState(clocks[1]);
  const source = createTaskSource(undefined, clocks[0]);
  const options = { shared, taskPollMs: 5 };
  const first = await startHttp({ ...options, clock: clocks[0] }, source);
  const second = await startHttp({ ...options, clock: clocks[1] }, source);
  const ask = [httpDispatch(first.url), httpDispatch(second.url)] as const;
  const pass = (ms: number): void => clocks.forEach((clock) => clock.advance(ms));
  const call = async (name: string, args: JsonObject = {}) => {
    const before = source.started;
    const answer = ask[0]("tools/call", { name, arguments: args });
    await expect.poll(() => source.started, PATIENT).toBeGreaterThan(before);
    pass(10_000);
    return answer;
  };
  const task = async (name: string, args?: JsonObject): Promise<string> => {
    const { result } = await call(name, args);
    expect(result).toMatchObject({ resultType: "task" });
    return (result as { taskId: string }).taskId;
  };
  const get = async (at: 0 | 1, taskId: string) =>
    (await ask[at]("tasks/get", { taskId }))["result"] as JsonObject | undefined;
  const eventually = (at: 0 | 1, taskId: string) =>
    expect.poll(() => {
      clocks[0].advance(5);
      return get(at, taskId);
    }, PATIENT);
  return { clocks, shared, source, first, second, ask, pass, call, task, get, eventually };
}

/** Lets time go by for all but the first process: it is dead. */
async function die({ clocks }: { clocks: [ManualClock, ManualClock] }): Promise<void> {
  for (let beat = 0; beat < 6; beat += 1) {
    clocks[1].advance(LEASE_MS / 3);
    // oxlint-disable-next-line no-await-in-loop -- the beats come one after another
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a task of several processes", () => {
  it("is shown by each of them, from its first answer to its end", async () => {
    const { source, task, get, eventually } = await start();
    const id = await task("work");
    expect(await get(1, id)).toMatchObject({ taskId: id, status: "working" });
    source.release();
    await eventually(1, id).toMatchObject({ status: "completed", result: { content: [{ text: "worked" }] } });
    expect(await get(0, id)).toEqual(await get(1, id));
  });

  it("shows its progress", async () => {
    const { task, eventually } = await start();
    await eventually(1, await task("work")).toMatchObject({
      statusMessage: expect.stringContaining("3 of 10"),
    });
  });

  it("is cancelled by any of them", async () => {
    const { source, ask, task, eventually } = await start();
    const id = await task("work");
    expect(await ask[1]("tasks/cancel", { taskId: id })).toMatchObject({ result: {} });
    await expect.poll(() => source.aborted, PATIENT).toBe(1);
    await eventually(1, id).toMatchObject({ status: "cancelled" });
  });

  it("is cancelled when news are heard again, and only once", async () => {
    const { source, shared, ask, task, eventually } = await start();
    const id = await task("work");
    shared.deaf(true);
    await ask[1]("tasks/cancel", { taskId: id });
    await ask[1]("tasks/cancel", { taskId: id });
    shared.deaf(false);
    await eventually(1, id).toMatchObject({ status: "cancelled" });
    expect(source.aborted).toBe(1);
  });

  it("takes an answer by any of them", async () => {
    const { source, ask, task, eventually } = await start();
    const id = await task("late", ARGS);
    source.release();
    await eventually(1, id).toMatchObject({ status: "input_required" });
    const inputResponses = { "approval-1": YES };
    expect(await ask[1]("tasks/update", { taskId: id, inputResponses })).toMatchObject({ result: {} });
    await eventually(1, id).toMatchObject({ status: "completed" });
    expect(source.ledger).toEqual([ARGS]);
  });

  it("fails, and says what is not known, when its process dies; what comes later changes nothing", async () => {
    const started = await start();
    const { source, task, get, eventually } = started;
    const id = await task("late", ARGS);
    source.release();
    await eventually(1, id).toMatchObject({ status: "input_required" });
    await die(started);
    const failed = await get(1, id);
    expect(failed).toMatchObject({
      status: "failed",
      error: {
        message: expect.stringMatching(/^outcome_unknown: .*run_code with \{ "run": "r_1" \}/s),
        data: { code: "outcome_unknown", runId: "r_1" },
      },
    });
    const inputResponses = { "approval-1": YES };
    await started.ask[0]("tasks/update", { taskId: id, inputResponses });
    await expect.poll(() => get(0, id), PATIENT).toEqual(failed);
    expect(await get(1, id)).toEqual(failed);
  });

  it("names the run of a program, which another process can go on with", async () => {
    const started = await start();
    const id = await started.task("work");
    await die(started);
    expect(await started.get(1, id)).toMatchObject({
      status: "failed",
      error: { data: { code: "outcome_unknown", runId: "r_work" } },
    });
  });

  it("is not taken for dead by a process that could not have seen it alive", async () => {
    const { shared, clocks, task, get } = await start();
    const id = await task("work");
    shared.away = true;
    clocks[1].advance(LEASE_MS * 2);
    shared.away = false;
    expect(await get(1, id)).toMatchObject({ status: "working" });
  });

  it("is an error while the store is away, but where it runs", async () => {
    const { shared, ask, task, get } = await start();
    const id = await task("work");
    shared.away = true;
    expect(await ask[1]("tasks/get", { taskId: id })).toMatchObject({
      error: { code: -32_603, data: { code: "store_unavailable" } },
    });
    expect(await get(0, id)).toMatchObject({ status: "working" });
  });

  it("is none while the store is away: the client waits for its call", async () => {
    const { shared, source, call } = await start();
    shared.away = true;
    const answer = call("work");
    await expect.poll(() => source.started, PATIENT).toBe(1);
    source.release();
    expect(await answer).toMatchObject({ result: { content: [{ text: "worked" }] } });
  });

  it("has its end written when the store is back", async () => {
    const { shared, source, task, eventually } = await start();
    const id = await task("work");
    shared.away = true;
    source.release();
    await eventually(0, id).toMatchObject({ status: "completed" });
    shared.away = false;
    await eventually(1, id).toMatchObject({ status: "completed" });
  });

  it("is cancelled when its process is closed, which is told to who asks later", async () => {
    const { first, task, get } = await start();
    const id = await task("work");
    await first.close();
    expect(await get(1, id)).toMatchObject({ status: "cancelled" });
  });
});
