import {
  OptimizerError,
  type JsonObject,
  type PendingApproval,
  type ToolProgress,
} from "@mcp-optimizer/contracts";
import {
  createInMemoryProvider,
  createManualClock,
  createStandardToolbox,
  type FixtureTool,
} from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { createOptimizer } from "../../src/create-optimizer.ts";
import { defineIntent } from "../../src/intents/intent.ts";
import { createMemoryLedgerStore } from "../../src/ledger/memory-ledger-store.ts";
import { createMemoryExecutionLog } from "../../src/log/memory-execution-log.ts";
import type { Optimizer, OptimizerOptions } from "../../src/optimizer.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import { createMemoryRunQueue } from "../../src/queue/memory-run-queue.ts";
import { createRemoteSandbox } from "../../src/queue/remote-sandbox.ts";
import { systemClock as clock } from "../../src/system-clock.ts";
import { createMemoryResultVault } from "../../src/vault/memory-result-vault.ts";
import { createVmSandbox } from "../intents/vm-sandbox.ts";

const written: JsonObject[] = [];
const write: FixtureTool = {
  definition: {
    name: "write",
    inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  },
  call(args) {
    written.push(args);
    return { content: [{ type: "text", text: `wrote ${args["text"] as string}` }] };
  },
};
const inputSchema = { type: "object" } as const;
const { promise: released, resolve: release } = Promise.withResolvers<void>();
let slowCalls = 0;
const slow: FixtureTool = {
  definition: { name: "slow", inputSchema },
  async call() {
    slowCalls += 1;
    await released;
    return { content: [{ type: "text", text: "slow " }] };
  },
};
const read: FixtureTool = {
  definition: { name: "read", inputSchema },
  call: () => ({ content: [{ type: "text", text: "read" }] }),
};
const twice = defineIntent({
  name: "add_twice",
  description: "Adds a number to itself",
  input: z.object({ of: z.number() }),
  code: "const { sum } = await fixture.add({ a: params.of, b: params.of });\nreturn sum",
});

/** What processes that serve one client share. */
function place() {
  const ledger = createMemoryLedgerStore({ clock });
  const executionLog = createMemoryExecutionLog({ clock });
  let ids = 0;
  const vault = createMemoryResultVault({ clock, randomId: () => `v${(ids += 1)}` });
  const options = (more: Partial<OptimizerOptions>): OptimizerOptions => ({
    upstreams: [
      createInMemoryProvider("fixture", createStandardToolbox()),
      createInMemoryProvider("notes", [write, slow, read]),
    ],
    sandbox: createVmSandbox(),
    flags: { executionMode: "code_execution" },
    policy: createPolicy({
      effects: { "fixture.*": "read", "notes.write": "write", "notes.*": "read" },
      rules: [{ server: "notes", tool: "write", decide: "ask" }],
    }),
    approvals: { secret: "s".repeat(32) },
    intents: [twice],
    ledger,
    executionLog,
    vault,
    ...more,
  });
  return { options, executionLog };
}

const queue = createMemoryRunQueue({ clock, maxWaitMs: 200 });
const alone = place();
const apart = place();
let one: Optimizer;
let front: Optimizer;
let worker: Optimizer;
beforeAll(async () => {
  one = await createOptimizer(alone.options({}));
  worker = await createOptimizer(apart.options({}));
  front = await createOptimizer(apart.options({ sandbox: createRemoteSandbox(queue), runQueue: queue }));
});
afterAll(async () => {
  await front.dispose();
  await worker.dispose();
  await one.dispose();
  await queue.dispose();
});

test("without a worker nothing runs, here neither", async () => {
  const running = front.run({ code: "return 1" });
  await expect(running).rejects.toMatchObject({ code: "sandbox_unavailable" });
  const result = await front.callTool("run_code", { code: "return 1" });
  expect(JSON.stringify(result)).toContain("no worker");
  await worker.work(queue, { concurrency: 4 });
});

test("clients get what they would get of one process, and it is counted once", async () => {
  const session = { session: "s", tenant: "t" };
  const calls: [string, JsonObject][] = [
    [
      "run_code",
      { code: 'const { sum } = await fixture.add({ a: 1, b: 2 });\nconsole.log("hi");\nreturn sum' },
    ],
    ["run_code", { code: 'await fixture.echo({ text: "x" });\nthrow new TypeError("no")' }],
    ["run_code", { code: "return await fixture.ad({ a: 1 })" }],
    ["run_code", { code: 'return await fixture.echo({ text: "long ".repeat(20_000) })' }],
    ["run_code", { code: "return await intents.addTwice({ of: 4 })" }],
    ["run_code", {}],
  ];
  const plain = (result: unknown): string =>
    JSON.stringify(result)
      .replaceAll(/r_[\w-]+/g, "RUN")
      .replaceAll(/v\d+/g, "HANDLE")
      .replaceAll(/\d+(\.\d+)? ms/g, "MS")
      .replaceAll(/"durationMs":[\d.]+/g, "")
      .replaceAll(/"(ms|mark|answer|size)":("\w+"|[\d.]+)/g, "");
  for (const [name, args] of calls) {
    const [expected, got] = [
      await one.callTool(name, args, session),
      await front.callTool(name, args, session),
    ];
    expect(plain(got)).toBe(plain(expected));
  }
  await worker.ledger!.summary();
  const figuresOf = async (optimizer: Optimizer): Promise<unknown> => {
    const { figures, tools } = await optimizer.ledger!.summary({ tenant: "t" });
    return { figures, tools };
  };
  const [expected, got] = [await figuresOf(one), await figuresOf(front)];
  // Times and ids in answers differ by a token or two.
  expect(numbersIn(got).length).toBe(numbersIn(expected).length);
  for (const [index, number] of numbersIn(expected).entries()) {
    expect(Math.abs(numbersIn(got)[index]! - number)).toBeLessThanOrEqual(number > 20 ? 10 : 0.01);
  }
});

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

test("an intent is done by a worker too, whoever asks for it", async () => {
  const { value, runId } = await front.router.route("add_twice", { of: 21 }, { tenant: "intents" });
  expect(value).toBe(42);
  expect(await apart.executionLog.read("intents", runId)).toMatchObject({ state: "closed" });
  const envelope = await front.code.executeIntent("add_twice", { of: "x" });
  expect(envelope).toMatchObject({ error: { code: 400 } });
});

test("what a person has to decide on comes back, and the answer goes to the run, once", async () => {
  const code = 'return await notes.write({ text: "once" })';
  const asked: PendingApproval[] = [];
  const first = await front.run({ code, onApproval: (pending) => void asked.push(pending) });
  expect(first.error?.code).toBe("approval_required");
  expect(written).toEqual([]);
  const approval = { state: asked[0]!.state, approved: true };
  const second = await front.run({ code, approval });
  expect(second).toMatchObject({ runId: first.runId, value: "wrote once" });
  expect(written).toEqual([{ text: "once" }]);
  const refused = front.run({ code, approval: { ...approval, state: "forged" } });
  await expect(refused).rejects.toMatchObject({ code: "approval_rejected" });
});

test("progress comes, and leaving ends the run", async () => {
  const heard: ToolProgress[] = [];
  const abort = new AbortController();
  const report = await front
    .run({
      code: 'await fixture.echo({ text: "a" });\nawait fixture.wait({ ms: 60_000 })',
      signal: abort.signal,
      onProgress(progress) {
        heard.push(progress);
        abort.abort();
      },
    })
    .catch((error: unknown) => error);
  expect(heard.length).toBeGreaterThan(0);
  expect(OptimizerError.is(report) ? report : (report as { error: unknown }).error).toMatchObject({
    code: expect.stringMatching(/cancelled|tool_failed|program_failed/) as string,
  });
});

test("a front that closes leaves its runs to the workers", async () => {
  const closing = await createOptimizer(
    apart.options({ sandbox: createRemoteSandbox(queue), runQueue: queue, foregroundSeconds: 0.1 }),
  );
  const code = "const first = await notes.slow({}); return first + (await notes.read({}))";
  const began = closing.callTool("run_code", { code });
  const { running: run } = JSON.parse((await began).content[0]!["text"] as string) as { running: string };
  await closing.dispose();
  release();
  const { content } = await front.callTool("run_code", { run }, { untilDone: true });
  expect(JSON.parse(content[0]!["text"] as string)).toMatchObject({ value: "slow read" });
  expect(slowCalls).toBe(1);
});

test("the front holds to its limits before a worker hears of it, and each run counts once", async () => {
  const rates = { tenant: { runsPerMinute: 2 } };
  const own = place();
  const second = createMemoryRunQueue({ clock: createManualClock() });
  const its = await createOptimizer(own.options({ rates }));
  const limited = await createOptimizer(
    own.options({ rates, sandbox: createRemoteSandbox(second), runQueue: second }),
  );
  await its.work(second, { concurrency: 1 });
  await limited.run({ code: "return 1" });
  await limited.run({ code: "return 2" });
  await expect(limited.run({ code: "return 3" })).rejects.toMatchObject({ code: "rate_limit" });
  await expect(limited.run({ code: "return 3", limits: { calls: 1_000 } })).rejects.toMatchObject({
    code: "invalid_params",
  });
  await limited.dispose();
  await its.dispose();
  await second.dispose();
});
