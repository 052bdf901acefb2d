import type { JsonObject } from "@mcp-optimizer/contracts";
import { withTasks, type ApplicationElicitResult } from "@modelcontextprotocol/ext-tasks/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { PRIVATE_NOTE } from "./fixtures/approval-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { PATIENT } from "./fixtures/patient.ts";
import { answers, modern } from "./fixtures/messages.ts";
import { modernHeaders, openStream } from "./fixtures/raw-http.ts";
import { openRawStdio } from "./fixtures/raw-stdio.ts";
import { httpDispatch, stdioDispatch, TASK_CAPABILITIES, taskPort } from "./fixtures/task-port.ts";
import { createTaskSource } from "./fixtures/task-source.ts";

const ARGS = { amount: 5, note: PRIVATE_NOTE };
const YES = { action: "accept", content: { approve: true } } as const;

async function start(
  wire: "http" | "stdio" = "http",
  limits: { maxTasks?: number; approvalMs?: number } = {},
) {
  const clock = createManualClock();
  const source = createTaskSource(limits.approvalMs, clock);
  const options = { clock, taskPollMs: 5, ...limits };
  const http = wire === "http" ? await startHttp(options, source) : undefined;
  const stdio = http === undefined ? openRawStdio(source, options) : undefined;
  if (stdio !== undefined) onTestFinished(() => stdio.service.close());
  const dispatch = http === undefined ? stdioDispatch(stdio!) : httpDispatch(http.url);
  const call = async (name: string, args: JsonObject = {}): Promise<JsonObject> =>
    (await dispatch("tools/call", { name, arguments: args }))["result"] as JsonObject;
  /** Makes a call that lasts until it is a task. */
  const task = async (name: string, args: JsonObject = {}): Promise<JsonObject & { taskId: string }> => {
    const before = source.started;
    const answer = call(name, args);
    await expect.poll(() => source.started, PATIENT).toBeGreaterThan(before);
    clock.advance(10_000);
    return (await answer) as JsonObject & { taskId: string };
  };
  const get = async (taskId: string) => (await dispatch("tasks/get", { taskId }))["result"] as JsonObject;
  const status = async (taskId: string) => (await get(taskId))["status"];
  return { clock, source, http, stdio, dispatch, call, task, get, status };
}

describe.each(["http", "stdio"] as const)("the official client package for tasks, over %s", (wire) => {
  const open = async (answer: ApplicationElicitResult = YES) => {
    const started = await start(wire);
    const asked: unknown[] = [];
    const session = withTasks(taskPort(started.dispatch), {
      onInputRequest: async (request) => {
        asked.push(request);
        return answer as never;
      },
    });
    onTestFinished(() => session.close());
    const run = async (name: string, args: JsonObject = {}) => {
      const { source, clock } = started;
      const before = source.started;
      const execution = session.callTool(name, args as never);
      await expect.poll(() => source.started, PATIENT).toBeGreaterThan(before);
      clock.advance(10_000);
      return await execution;
    };
    return { ...started, asked, run };
  };

  it("gets a quick result at once, and a long one by a task", async () => {
    const { run, source } = await open();
    const quick = await run("quick");
    expect([quick.kind, (await quick.result()).status]).toEqual(["immediate", "completed"]);
    const long = await run("work");
    expect(long.kind).toBe("task");
    source.release();
    expect(await long.result()).toMatchObject({
      status: "completed",
      result: { content: [{ type: "text", text: "worked" }] },
    });
    expect(source.untilDone).toEqual([true, true]);
  });

  it("gets the images of a result by a task too", async () => {
    const { run, source } = await open();
    const long = await run("draws");
    source.release();
    expect(await long.result()).toMatchObject({
      result: {
        content: [
          { type: "text", text: "drawn" },
          { type: "image", mimeType: "image/png" },
        ],
      },
    });
  });

  it("is asked for an approval inside a task", async () => {
    const { run, source, asked } = await open();
    const execution = await run("late", ARGS);
    source.release();
    expect(await execution.result()).toMatchObject({
      status: "completed",
      result: { content: [{ text: "transferred by r_1" }] },
    });
    expect(asked).toMatchObject([
      { kind: "elicitation", params: { message: expect.stringContaining(PRIVATE_NOTE) } },
    ]);
    expect(source.ledger).toEqual([ARGS]);
  });

  it.each<ApplicationElicitResult>([{ action: "decline" }, { action: "cancel" }])(
    "and then does nothing without a yes: $action",
    async (answer) => {
      const { run, source } = await open(answer);
      const execution = await run("late", ARGS);
      source.release();
      expect(await execution.result()).toMatchObject({
        status: "completed",
        result: { isError: true, content: [{ text: expect.stringContaining("a person said no") }] },
      });
      expect(source.ledger).toEqual([]);
    },
  );

  it("cancels a task", async () => {
    const { run, source } = await open();
    const execution = await run("work");
    await execution.cancel();
    expect(await execution.result()).toMatchObject({ status: "cancelled" });
    expect(source.aborted).toBe(1);
  });

  it("learns of a protocol error as a failure, and of a tool's error as a result", async () => {
    const { run, source } = await open();
    const [vanishes, fails] = [await run("vanishes"), await run("fails")];
    source.release();
    expect(await vanishes.result()).toMatchObject({ status: "failed", error: { code: -32_602 } });
    expect(await fails.result()).toMatchObject({ status: "completed", result: { isError: true } });
  });
});

describe("a task", () => {
  it("is described as the extension says", async () => {
    const { task, get, source } = await start();
    const created = await task("work");
    const stamp = "1970-01-01T00:00:10.000Z";
    expect(created).toEqual({
      resultType: "task",
      taskId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
      status: "working",
      statusMessage: "3 of 10: half\\u{202e} way",
      createdAt: "1970-01-01T00:00:00.000Z",
      lastUpdatedAt: "1970-01-01T00:00:00.000Z",
      ttlMs: null,
      pollIntervalMs: 5,
      _meta: expect.anything(),
    });
    source.release();
    await expect
      .poll(() => get(created.taskId), PATIENT)
      .toMatchObject({
        resultType: "complete",
        taskId: created.taskId,
        status: "completed",
        lastUpdatedAt: stamp,
        ttlMs: 610_000,
        result: { resultType: "complete", content: [{ type: "text", text: "worked" }] },
      });
  });

  it("is forgotten when its time is over, not before", async () => {
    const { task, status, source, clock, dispatch } = await start();
    const { taskId } = await task("work");
    source.release();
    await expect.poll(() => status(taskId), PATIENT).toBe("completed");
    clock.advance(599_999);
    expect(await status(taskId)).toBe("completed");
    clock.advance(1);
    expect(await dispatch("tasks/get", { taskId })).toMatchObject({ error: { code: -32_602 } });
    expect(clock.pending).toBe(0);
  });

  it("goes on after a success that a cancellation came too late for", async () => {
    const { task, get, dispatch } = await start();
    const { taskId } = await task("stubborn");
    expect(await dispatch("tasks/cancel", { taskId })).toMatchObject({ result: { resultType: "complete" } });
    await expect
      .poll(() => get(taskId), PATIENT)
      .toMatchObject({
        status: "completed",
        result: { content: [{ text: "worked all the same" }] },
      });
    expect(await dispatch("tasks/cancel", { taskId })).not.toHaveProperty("error");
  });

  it("is cancelled while it waits for a person, and nothing is done", async () => {
    const { task, status, source, dispatch } = await start();
    const { taskId } = await task("late", ARGS);
    source.release();
    await expect.poll(() => status(taskId), PATIENT).toBe("input_required");
    await dispatch("tasks/cancel", { taskId });
    await expect.poll(() => status(taskId), PATIENT).toBe("cancelled");
    await dispatch("tasks/update", { taskId, inputResponses: { "approval-1": YES } });
    expect(source.ledger).toEqual([]);
  });

  it("takes only answers to what it asks", async () => {
    const { task, get, status, source, dispatch } = await start();
    const { taskId } = await task("late", ARGS);
    const update = (inputResponses: JsonObject) => dispatch("tasks/update", { taskId, inputResponses });
    await update({ "approval-1": YES });
    source.release();
    await expect.poll(() => status(taskId), PATIENT).toBe("input_required");
    expect(Object.keys((await get(taskId))["inputRequests"] as JsonObject)).toEqual(["approval-1"]);
    await update({ other: YES });
    await update({ "approval-1": { method: "elicitation/create", result: YES } });
    await update({ "approval-1": 5 });
    expect(await dispatch("tasks/update", { taskId })).toMatchObject({ error: { code: -32_602 } });
    expect([await status(taskId), source.ledger]).toEqual(["input_required", []]);
    await update({ "approval-1": YES });
    await expect.poll(() => status(taskId), PATIENT).toBe("completed");
    await update({ "approval-1": YES });
    expect(source.ledger).toEqual([ARGS]);
  });

  it("ends without its write when nobody answers in time", async () => {
    const { task, get, status, source, clock } = await start("http", { approvalMs: 1_000 });
    const { taskId } = await task("late", ARGS);
    source.release();
    await expect.poll(() => status(taskId), PATIENT).toBe("input_required");
    clock.advance(1_000);
    await expect
      .poll(() => get(taskId), PATIENT)
      .toMatchObject({
        status: "completed",
        result: { isError: true, content: [{ text: expect.stringContaining("approval_required") }] },
      });
    expect(source.ledger).toEqual([]);
  });

  it("does not ask a client that shows no forms", async () => {
    const { source, clock, dispatch, get } = await start();
    const { elicitation: _forms, ...capabilities } = TASK_CAPABILITIES;
    const answer = dispatch("tools/call", { name: "late", arguments: ARGS }, capabilities);
    await expect.poll(() => source.started, PATIENT).toBe(1);
    clock.advance(10_000);
    const { taskId } = (await answer)["result"] as { taskId: string };
    source.release();
    await expect
      .poll(() => get(taskId), PATIENT)
      .toMatchObject({
        status: "completed",
        result: { isError: true, content: [{ text: expect.stringContaining("approval_required") }] },
      });
  });

  it("is not made for what is asked at once: that is answered before", async () => {
    const { call, dispatch, source } = await start();
    const asked = await call("transfer", ARGS);
    expect(asked).toMatchObject({ resultType: "input_required" });
    const more = { requestState: asked["requestState"]!, inputResponses: { approval: YES } };
    const answer = await dispatch("tools/call", { name: "transfer", arguments: ARGS, ...more });
    expect(answer).toMatchObject({
      result: { resultType: "complete", content: [{ text: "transferred by r_1" }] },
    });
    expect(source.ledger).toEqual([ARGS]);
  });

  it("is given, shown and changed only for clients that know tasks", async () => {
    const { source, clock, dispatch, task } = await start();
    const { taskId } = await task("work");
    for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
      const params = { taskId, inputResponses: {} };
      expect(await dispatch(method, params, {})).toMatchObject({
        error: {
          code: -32_021,
          data: { requiredCapabilities: { extensions: { "io.modelcontextprotocol/tasks": {} } } },
        },
      });
      expect(await dispatch(method, { ...params, taskId: "nobody's" })).toMatchObject({
        error: { code: -32_602 },
      });
    }
    const plain = dispatch("tools/call", { name: "work", arguments: {} }, {});
    await expect.poll(() => source.started, PATIENT).toBe(2);
    clock.advance(60_000);
    source.release();
    expect(await plain).toMatchObject({ result: { resultType: "complete" } });
    expect(source.untilDone).toEqual([true, undefined]);
  });

  it("is refused before anything begins when there are too many, until one is over", async () => {
    const { task, call, source, clock, status } = await start("http", { maxTasks: 2 });
    const [one] = [await task("work"), await task("work")];
    const refused = await call("work");
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^concurrency_limit: .*nothing was started/) }],
      _meta: { "mcp-optimizer/error": { status: 429, data: { retryAfterMs: 5 } } },
    });
    expect(source.started).toBe(2);
    source.release();
    await expect.poll(() => status(one.taskId), PATIENT).toBe("completed");
    clock.advance(600_000);
    expect(await call("quick")).toMatchObject({ content: [{ text: "quick" }] });
    expect(await call("quick")).toMatchObject({ content: [{ text: "quick" }] });
    expect(await call("quick")).toMatchObject({ content: [{ text: "quick" }] });
  });

  it("has its progress to itself once it is one", async () => {
    const { stdio, source, clock, status } = await start("stdio");
    const { send, next, received } = stdio!;
    const meta = { "io.modelcontextprotocol/clientCapabilities": TASK_CAPABILITIES, progressToken: "mine" };
    send(modern(7, "tools/call", { name: "work", arguments: {} }, meta));
    await next(({ method }) => method === "notifications/progress");
    clock.advance(10_000);
    const { result } = await next(answers(7));
    source.release();
    const { taskId } = result as { taskId: string };
    await expect.poll(() => status(taskId), PATIENT).toBe("completed");
    expect(received.filter(({ method }) => method === "notifications/progress")).toMatchObject([
      { params: { progressToken: "mine", progress: 3, total: 10 } },
    ]);
  });

  it("is not left by a client that goes before it has one", async () => {
    const { source, http, clock, call } = await start("http", { maxTasks: 1 });
    const meta = { "io.modelcontextprotocol/clientCapabilities": TASK_CAPABILITIES, progressToken: 1 };
    const body = JSON.stringify(modern(1, "tools/call", { name: "work", arguments: {} }, meta));
    const stream = await openStream(http!.url, { headers: modernHeaders("tools/call", "work"), body });
    stream.destroy();
    await expect.poll(() => source.aborted, PATIENT).toBe(1);
    clock.advance(10_000);
    await expect.poll(() => call("quick"), PATIENT).toMatchObject({ content: [{ text: "quick" }] });
  });

  it("ends with the connection on stdio, and with the service on HTTP", async () => {
    const stdio = await start("stdio");
    await stdio.task("work");
    stdio.stdio!.stdin.end();
    await stdio.stdio!.service.closed;
    await expect.poll(() => stdio.source.aborted, PATIENT).toBe(1);
    const http = await start();
    await http.task("work");
    await http.http!.close();
    expect(http.source.aborted).toBe(1);
  });
});
