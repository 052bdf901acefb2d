import { OptimizerError, type ErrorCode, type JsonObject, type ToolResult } from "@mcp-optimizer/contracts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  ResilienceSettingsSchema,
  type ResilienceSettings,
} from "../../src/resilience/resilience-settings.ts";
import { createResilience } from "../../src/resilience/resilience.ts";

const GOOD: ToolResult = { content: [{ type: "text", text: "done" }] };
const AT_ONCE: ResilienceSettings = { backoffMs: 0 };
const READ = { mayRepeat: true };
const WRITE = { mayRepeat: false };

const fault = (code: ErrorCode, data: JsonObject = {}, detail = "it broke"): OptimizerError =>
  new OptimizerError(code, { detail, data });
const LOST = fault("upstream_failed", {}, "the connection was lost");
const UNSENT = fault("upstream_failed", { notApplied: true }, "it was not connected");
const SLOW = fault("timeout");

/** A server that throws these faults in turn, and then answers. */
function server(...faults: unknown[]): { readonly calls: () => number; call: () => Promise<ToolResult> } {
  let calls = 0;
  return {
    calls: () => calls,
    call: async () => {
      calls += 1;
      if (faults.length > 0) throw faults.shift();
      return GOOD;
    },
  };
}

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "it did not fail",
    (error: unknown) => error,
  );

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a call is made again", () => {
  test.each<[string, { mayRepeat: boolean }, unknown[], number]>([
    ["a read after a lost connection", READ, [LOST], 2],
    ["a read after two", READ, [LOST, SLOW], 3],
    ["a read after HTTP 503", READ, [fault("upstream_failed", { httpStatus: 503 })], 2],
    ["a read after HTTP 429", READ, [fault("upstream_failed", { httpStatus: 429, notApplied: true })], 2],
    ["a write that was not sent", WRITE, [UNSENT, UNSENT], 3],
  ])("%s", async (_, call, faults, calls) => {
    const git = server(...faults);
    expect(await createResilience(AT_ONCE).call("git", call, git.call)).toBe(GOOD);
    expect(git.calls()).toBe(calls);
  });

  test.each<[string, { mayRepeat: boolean }, unknown]>([
    ["a write that may have been applied", WRITE, LOST],
    ["a write that took too long", WRITE, SLOW],
    ["what the server refuses itself", READ, fault("upstream_failed", { rpcCode: -32602, notApplied: true })],
    ["what the server answered with nonsense", READ, fault("upstream_failed", { answered: true })],
    ["what needs a login", READ, fault("upstream_failed", { httpStatus: 401, notApplied: true })],
    ["what policy forbids", READ, fault("policy_denied", { notApplied: true })],
    ["wrong arguments", READ, fault("invalid_params")],
    ["a result that is too large", READ, fault("output_limit")],
    ["what was cancelled", READ, fault("cancelled", { notApplied: true })],
    ["a fault of ours", READ, new TypeError("x is not a function")],
  ])("never %s", async (_, call, thrown) => {
    const git = server(thrown);
    expect(await errorOf(createResilience(AT_ONCE).call("git", call, git.call))).toBe(thrown);
    expect(git.calls()).toBe(1);
  });

  test("two times at most, or as often as is set", async () => {
    for (const [settings, calls] of [
      [AT_ONCE, 3],
      [{ ...AT_ONCE, retries: 0 }, 1],
      [{ ...AT_ONCE, retries: 4 }, 5],
    ] as const) {
      const git = server(...Array.from({ length: 9 }, () => LOST));
      const resilience = createResilience({ ...settings, breakAfter: 0 });
      expect(await errorOf(resilience.call("git", READ, git.call))).toBe(LOST);
      expect(git.calls()).toBe(calls);
    }
  });

  test("a result with isError is a result", async () => {
    const failed = { ...GOOD, isError: true };
    const call = vi.fn<() => Promise<ToolResult>>().mockResolvedValue(failed);
    const resilience = createResilience(AT_ONCE);
    for (let i = 0; i < 20; i++) expect(await resilience.call("git", READ, call)).toBe(failed);
    expect(call).toHaveBeenCalledTimes(20);
  });

  test("after a wait that grows, half of it chance, and that has an end", async () => {
    const resilience = createResilience({ retries: 5, breakAfter: 0, maxBackoffMs: 500 });
    const git = server(...Array.from({ length: 9 }, () => LOST));
    const ended = errorOf(resilience.call("git", READ, git.call));
    const waits: number[] = [];
    for (let calls = 2; calls <= 6; calls++) {
      const before = Date.now();
      while (git.calls() < calls) await vi.advanceTimersByTimeAsync(1);
      waits.push(Date.now() - before);
    }
    expect(await ended).toBe(LOST);
    for (const [index, longest] of [200, 400, 500, 500, 500].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(longest / 2 - 1);
      expect(waits[index]).toBeLessThanOrEqual(longest + 1);
    }
  });

  test("unless the caller has gone, who is told at once", async () => {
    const abort = new AbortController();
    const git = server(LOST);
    const ended = errorOf(createResilience().call("git", { ...READ, signal: abort.signal }, git.call));
    await vi.advanceTimersByTimeAsync(50);
    abort.abort();
    expect(await ended).toMatchObject({ code: "cancelled", data: { server: "git" } });
    expect((await ended) as OptimizerError).not.toHaveProperty("data.notApplied");
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(git.calls()).toBe(1);

    const unsent = server(UNSENT);
    const second = new AbortController();
    const write = errorOf(createResilience().call("git", { ...WRITE, signal: second.signal }, unsent.call));
    await vi.advanceTimersByTimeAsync(50);
    second.abort();
    expect(await write).toMatchObject({ code: "cancelled", data: { notApplied: true } });
  });

  test("and one that may have had an effect is never told as one that had none", async () => {
    for (const last of [UNSENT, fault("policy_denied"), fault("invalid_params")]) {
      const git = server(SLOW, last);
      expect(await errorOf(createResilience({ ...AT_ONCE, retries: 1 }).call("git", READ, git.call))).toBe(
        SLOW,
      );
    }
    // Nor by the circuit that this very call opens.
    const git = server(LOST, LOST, LOST);
    const resilience = createResilience({ ...AT_ONCE, breakAfter: 2 });
    expect(await errorOf(resilience.call("git", READ, git.call))).toBe(LOST);
    expect(git.calls()).toBe(2);
  });
});

describe("a server that fails five times in a row", () => {
  const NO_RETRY: ResilienceSettings = { retries: 0 };
  const open = { code: "upstream_failed", data: { server: "git", notApplied: true, circuit: "open" } };
  const failing = async (times: number, thrown: unknown = LOST, settings = NO_RETRY) => {
    const resilience = createResilience(settings);
    for (let i = 0; i < times; i++)
      expect(await errorOf(resilience.call("git", READ, server(thrown).call))).toBe(thrown);
    return resilience;
  };

  test("is left alone, and the caller told why and for how long", async () => {
    const resilience = await failing(5);
    vi.advanceTimersByTime(3_000);
    const git = server();
    expect(await errorOf(resilience.call("git", READ, git.call))).toMatchObject({
      ...open,
      message: expect.stringMatching(
        /^The MCP server failed: "git" failed too often and is not called for 7 s\. Last: .*connection was lost$/,
      ),
      data: { ...open.data, retryAfterMs: 7_000, retryAfter: 7 },
    });
    expect(git.calls()).toBe(0);
    expect(await resilience.call("files", WRITE, server().call)).toBe(GOOD);
  });

  test("is not left alone after four, nor after five with an answer between them", async () => {
    const four = await failing(4);
    expect(await four.call("git", READ, server().call)).toBe(GOOD);
    for (let i = 0; i < 4; i++) expect(await errorOf(four.call("git", READ, server(LOST).call))).toBe(LOST);
    const refused = fault("upstream_failed", { rpcCode: -32603 });
    expect(await errorOf(four.call("git", READ, server(refused).call))).toBe(refused);
    for (let i = 0; i < 4; i++) expect(await errorOf(four.call("git", READ, server(LOST).call))).toBe(LOST);
    expect(await four.call("git", READ, server().call)).toBe(GOOD);
  });

  test.each<[ErrorCode, JsonObject]>([
    ["policy_denied", {}],
    ["invalid_params", {}],
    ["cancelled", {}],
    ["output_limit", {}],
    ["upstream_failed", { rpcCode: -32000 }],
    ["upstream_failed", { httpStatus: 403 }],
  ])("is not left alone for %s %j", async (code, data) => {
    const resilience = await failing(12, fault(code, data));
    expect(await resilience.call("git", READ, server().call)).toBe(GOOD);
  });

  test("nor do errors of ours hide its faults", async () => {
    const resilience = await failing(4);
    const cancelled = fault("cancelled");
    expect(await errorOf(resilience.call("git", READ, server(cancelled).call))).toBe(cancelled);
    expect(await errorOf(resilience.call("git", READ, server(LOST).call))).toBe(LOST);
    expect(await errorOf(resilience.call("git", READ, server().call))).toMatchObject(open);
  });

  test("is tried by one call after ten seconds: it stays alone, or is back", async () => {
    const resilience = await failing(5);
    vi.advanceTimersByTime(10_000);
    expect(await errorOf(resilience.call("git", READ, server(SLOW).call))).toBe(SLOW);
    expect(await errorOf(resilience.call("git", READ, server().call))).toMatchObject({
      data: { retryAfterMs: 10_000 },
    });
    vi.advanceTimersByTime(10_000);
    const { promise, resolve } = Promise.withResolvers<ToolResult>();
    const trying = resilience.call("git", READ, () => promise);
    // The others do not wait for it.
    expect(await errorOf(resilience.call("git", READ, server().call))).toMatchObject({
      data: { ...open.data, retryAfterMs: 1_000 },
    });
    resolve(GOOD);
    expect(await trying).toBe(GOOD);
    expect(await resilience.call("git", READ, server().call)).toBe(GOOD);
  });

  test("is called at once when it is said to be back", async () => {
    const resilience = await failing(5);
    resilience.reset("git");
    expect(await resilience.call("git", READ, server().call)).toBe(GOOD);
  });

  test("is called on and on where that is set", async () => {
    await failing(50, LOST, { retries: 0, breakAfter: 0 });
  });

  test("keeps what is told of calls that were under way: none becomes one without effect", async () => {
    const resilience = createResilience(NO_RETRY);
    const under = Array.from({ length: 8 }, () => Promise.withResolvers<ToolResult>());
    const ended = under.map(({ promise }) => errorOf(resilience.call("git", WRITE, () => promise)));
    for (const { reject } of under.slice(0, 5)) reject(LOST);
    await Promise.all(ended.slice(0, 5));
    expect(await errorOf(resilience.call("git", WRITE, server().call))).toMatchObject(open);
    for (const { reject } of under) reject(LOST);
    expect(await Promise.all(ended)).toEqual(under.map(() => LOST));
  });

  test("is told to the log and counted", async () => {
    const log = vi.fn<(entry: { level: string; message: string }) => void>();
    const count = vi.fn<(name: string, labels?: Readonly<Record<string, string>>) => void>();
    const resilience = createResilience(AT_ONCE, { log, metrics: { count } });
    for (let i = 0; i < 2; i++) await errorOf(resilience.call("git", READ, server(LOST, LOST, LOST).call));
    expect(log.mock.calls).toEqual([
      [{ level: "warn", message: expect.stringMatching(/^git failed too often .*connection was lost$/) }],
    ]);
    expect(count.mock.calls).toEqual([
      ...Array.from({ length: 3 }, () => ["upstream_retries_total", { server: "git" }]),
      ["upstream_circuits_opened_total", { server: "git" }],
    ]);
  });
});

test.each([{ retries: 6 }, { backoffMs: -1 }, { halfOpenAfterMs: 0 }, { retry: 1 }])(
  "settings that are wrong are refused: %j",
  (settings) => {
    expect(ResilienceSettingsSchema.safeParse(settings).success).toBe(false);
  },
);
