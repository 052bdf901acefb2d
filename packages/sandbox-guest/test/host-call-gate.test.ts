import { DEFAULT_RUN_LIMITS, type HostCall, type HostReply, type RunLimits } from "@mcp-optimizer/contracts";
import { expect, test, vi } from "vitest";
import { HostCallGate } from "../src/host-call-gate.ts";

interface Call extends HostCall {
  readonly signal: AbortSignal;
  readonly answer: (reply: HostReply) => void;
}

/** A gate, the calls that it let through, and what it delivered. */
function setUp(
  limits: Partial<RunLimits> = {},
  taken?: () => Promise<void>,
): {
  gate: HostCallGate;
  calls: Call[];
  delivered: unknown[][];
} {
  const calls: Call[] = [];
  const delivered: unknown[][] = [];
  const gate = new HostCallGate({
    limits: { ...DEFAULT_RUN_LIMITS, ...limits },
    host: {
      call: (call, signal) =>
        new Promise((answer) => {
          calls.push({ ...call, signal, answer });
        }),
    },
    deliver: (text) => {
      delivered.push(JSON.parse(text) as unknown[]);
      return taken?.();
    },
  });
  return { gate, calls, delivered };
}

const call = (id: number, args = "[]"): { id: number; name: string; args: string } => ({
  id,
  name: "a.b",
  args,
});
const letRun = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test("answers of one turn go together", async () => {
  const { gate, calls, delivered } = setUp();
  gate.submit([call(1, '[{"x":1}]'), call(2), call(3)]);
  await letRun();
  expect(calls.map(({ args }) => args)).toEqual([[{ x: 1 }], [], []]);
  calls[1]!.answer({ ok: true, value: "two" });
  calls[0]!.answer({ ok: true });
  await vi.waitFor(() => expect(delivered).toHaveLength(1));
  expect(delivered[0]).toEqual([
    [2, 1, "two"],
    [1, 1],
  ]);
  calls[2]!.answer({ ok: false, error: { code: "tool_failed", message: "no", tool: "a.b" } });
  await vi.waitFor(() => expect(delivered).toHaveLength(2));
  expect(delivered[1]).toEqual([[3, 0, { code: "tool_failed", message: "no", tool: "a.b" }]]);
});

test("a guest that takes no answers gets no further calls through", async () => {
  const drained = Promise.withResolvers<void>();
  const { gate, calls, delivered } = setUp({ callsAtOnce: 1 }, () => drained.promise);
  gate.submit([call(1), call(2), call(3)]);
  await letRun();
  calls[0]!.answer({ ok: true });
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  calls[1]!.answer({ ok: true });
  await vi.waitFor(() => expect(delivered.flat()).toHaveLength(2));
  await letRun();
  expect(calls).toHaveLength(2);
  drained.resolve();
  await vi.waitFor(() => expect(calls).toHaveLength(3));
});

test("further calls wait for their turn, in order", async () => {
  const { gate, calls } = setUp({ callsAtOnce: 2 });
  gate.submit([call(1, "[1]"), call(2, "[2]"), call(3, "[3]"), call(4, "[4]")]);
  await letRun();
  expect(calls).toHaveLength(2);
  calls[1]!.answer({ ok: true });
  await vi.waitFor(() => expect(calls).toHaveLength(3));
  expect(calls[2]!.args).toEqual([3]);
  expect(gate.open).toBe(3);
});

test("calls over the limit are answered, not made", async () => {
  const { gate, calls, delivered } = setUp({ calls: 1, argumentBytes: 10 });
  gate.submit([call(1, `["${"x".repeat(20)}"]`), call(2)]);
  await letRun();
  expect(calls).toHaveLength(0);
  expect(delivered.flat()).toMatchObject([
    [1, 0, { code: "output_limit" }],
    [2, 0, { code: "call_limit" }],
  ]);
});

test("a result over its size is refused", async () => {
  const { gate, calls, delivered } = setUp({ replyBytes: 50 });
  gate.submit([call(1)]);
  await letRun();
  calls[0]!.answer({ ok: true, value: "ä".repeat(30) });
  await vi.waitFor(() => expect(delivered.flat()).toMatchObject([[1, 0, { code: "output_limit" }]]));
});

test("an id that repeats, skips or goes back is a violation", () => {
  for (const ids of [[2], [1, 1], [1, 3], [1, 0]]) {
    const { gate } = setUp();
    expect(() => gate.submit(ids.map((id) => call(id))), String(ids)).toThrow(
      expect.objectContaining({ code: "sandbox_violation" }),
    );
  }
});

test("after the end nothing passes, and calls under way are aborted", async () => {
  const { gate, calls, delivered } = setUp({ callsAtOnce: 1 });
  gate.submit([call(1), call(2)]);
  await letRun();
  gate.end();
  expect(calls[0]!.signal.aborted).toBe(true);
  calls[0]!.answer({ ok: true, value: "late" });
  await letRun();
  expect(delivered).toEqual([]);
  expect(calls).toHaveLength(1);
});

test("a host that throws, and a value that cannot be written, become errors", async () => {
  const delivered: unknown[][] = [];
  const deep: unknown[] = [];
  let at = deep;
  for (let i = 0; i < 100_000; i++) {
    const next: unknown[] = [];
    at.push(next);
    at = next;
  }
  let calls = 0;
  const gate = new HostCallGate({
    limits: DEFAULT_RUN_LIMITS,
    host: {
      call: async () => {
        if (++calls === 1) {
          throw new Error("secret");
        }
        return { ok: true, value: deep as never };
      },
    },
    deliver: (text) => {
      delivered.push(JSON.parse(text) as unknown[]);
      return undefined;
    },
  });
  gate.submit([call(1), call(2)]);
  await vi.waitFor(() => expect(delivered.flat()).toHaveLength(2));
  expect(delivered.flat()).toMatchObject([
    [1, 0, { code: "internal" }],
    [2, 0, { code: "output_limit" }],
  ]);
  expect(JSON.stringify(delivered)).not.toContain("secret");
});
