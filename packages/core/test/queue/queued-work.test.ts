import { expect, test } from "vitest";
import { readWork, workJson, type QueuedWork } from "../../src/queue/queued-work.ts";

const request = { code: "return 1", tenant: "t", scopes: ["read"], limits: { calls: 1 } };

test("workers read what fronts ask for, and no more than that is sent", () => {
  const work: QueuedWork = { kind: "program", request };
  const extra = {
    kind: "program",
    request: { ...request, untilDone: true, answers: undefined },
  } as QueuedWork;
  expect(readWork(workJson(extra))).toEqual(work);
  const call: QueuedWork = { kind: "call", call: { name: "intents.x", args: { __proto__: null, a: 1 } } };
  expect(readWork(workJson(call))).toEqual(call);
});

test.each<[string, object]>([
  ["newBound", { kind: "program", request: { ...request, newBound: 1 } }],
  ["sealed", { kind: "program", request, sealed: true }],
  ["kind batch", { kind: "batch", batch: [] }],
  ["kind undefined", {}],
  ["without its call", { kind: "call" }],
  ["without its request", { kind: "program", request: null }],
  ["__proto__", JSON.parse('{"kind":"program","request":{"code":"","__proto__":{}}}') as object],
])("a worker refuses what it does not know: %s", (what, json) => {
  expect(() => readWork(json as never)).toThrow(
    expect.objectContaining({
      code: "sandbox_unavailable",
      message: expect.stringContaining(what) as string,
    }) as Error,
  );
});
