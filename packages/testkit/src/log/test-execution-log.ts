import {
  OptimizerError,
  type CallIntent,
  type CallOutcome,
  type ExecutionLog,
  type RunStart,
} from "@mcp-optimizer/contracts";
import { describe, expect } from "vitest";
import { harnessTest } from "../state/harness-test.ts";

/** A log under test. */
export interface ExecutionLogHarness {
  readonly log: ExecutionLog;
  /** Lets so many milliseconds pass for the log. */
  readonly pass: (ms: number) => void | Promise<void>;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface ExecutionLogSuite {
  readonly name: string;
  /** Makes an empty log that keeps at least 100 runs. */
  readonly create: () => ExecutionLogHarness | Promise<ExecutionLogHarness>;
}

const START: RunStart = {
  tenant: "t",
  runId: "r",
  program: "p",
  source: { kind: "program", code: "return 1 // ü", language: "javascript", params: { a: [1] } },
  at: 1,
  owner: "o",
  leaseMs: 1_000,
};
const INTENT: CallIntent = {
  key: "k",
  tool: "files.write",
  toolHash: "h",
  args: { path: "ü", deep: [1, { a: null }] },
  effect: "write",
  idempotencyKey: "i",
  at: 2,
};
const APPLIED: CallOutcome = { state: "applied", value: { done: ["😀", 1, null] } };
const FAILED: CallOutcome = { state: "failed", error: { code: "tool_failed", message: "no" } };
const UNKNOWN: CallOutcome = { state: "unknown", error: { code: "upstream_failed", message: "gone" } };

/** Holds a log to the ExecutionLog port. Call it at the top of a vitest file. */
export function testExecutionLog(suite: ExecutionLogSuite): void {
  const logTest = harnessTest(() => suite.create());
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return OptimizerError.is(error) ? error.code : String(error);
  };

  describe(`${suite.name} is an execution log`, () => {
    logTest("gives back what was noted, in its order", async ({ log }) => {
      expect(await log.open(START)).toEqual({
        tenant: "t",
        runId: "r",
        program: "p",
        source: START.source,
        at: 1,
        state: "open",
        calls: [],
      });
      const outcomes = [APPLIED, FAILED, UNKNOWN];
      for (const [index, outcome] of outcomes.entries()) {
        expect(await log.intend("t", "r", "o", { ...INTENT, key: `k${index}` })).toBe(index);
        await log.settle("t", "r", "o", index, outcome);
      }
      const run = await log.read("t", "r");
      expect(run?.state).toBe("open");
      expect(run?.calls).toEqual(
        outcomes.map((outcome, index) => ({ ...INTENT, key: `k${index}`, index, outcome })),
      );
    });

    logTest(
      "shows a call as intended until it is settled, and as unknown once its owner is gone",
      async ({ log, pass }) => {
        await log.open(START);
        await log.intend("t", "r", "o", INTENT);
        expect((await log.read("t", "r"))?.calls[0]?.outcome).toEqual({ state: "intended" });
        await pass(1_001);
        const { calls } = await log.open({ ...START, owner: "other" });
        expect(calls[0]?.outcome).toMatchObject({ state: "unknown" });
      },
    );

    logTest("does not give a run to two owners at a time", async ({ log, pass }) => {
      await log.open(START);
      await pass(600);
      await log.intend("t", "r", "o", INTENT);
      await pass(600);
      expect(await refusal(log.open({ ...START, owner: "other" }))).toBe("conflict");
      await pass(401);
      await log.open({ ...START, owner: "other" });
      expect(await refusal(log.intend("t", "r", "o", INTENT))).toBe("conflict");
      expect(await log.intend("t", "r", "other", INTENT)).toBe(1);
    });

    logTest(
      "takes a late outcome from the owner of the call, and never unlearns one",
      async ({ log, pass }) => {
        await log.open(START);
        await log.intend("t", "r", "o", INTENT);
        await pass(1_001);
        await log.open({ ...START, owner: "other" });
        expect(await refusal(log.settle("t", "r", "other", 0, FAILED))).toBe("not_found");
        await log.settle("t", "r", "o", 0, APPLIED);
        await log.settle("t", "r", "o", 0, FAILED);
        expect((await log.read("t", "r"))?.calls[0]?.outcome).toEqual(APPLIED);
      },
    );

    logTest("goes on with a closed run, and with no other program", async ({ log }) => {
      await log.open(START);
      await log.intend("t", "r", "o", INTENT);
      await log.settle("t", "r", "o", 0, APPLIED);
      await log.close("t", "r", "nobody");
      expect((await log.read("t", "r"))?.state).toBe("open");
      await log.close("t", "r", "o");
      expect((await log.read("t", "r"))?.state).toBe("closed");
      expect(await refusal(log.open({ ...START, program: "other", owner: "x" }))).toBe("conflict");
      const again = await log.open({ ...START, at: 9, owner: "x" });
      expect(again).toMatchObject({ at: 1, calls: [{ outcome: APPLIED }] });
    });

    logTest("takes calls that are over, all or none", async ({ log, pass }) => {
      await log.open(START);
      await log.intend("t", "r", "o", INTENT);
      const ended = [APPLIED, FAILED].map((outcome, at) => ({
        ...INTENT,
        key: `e${at}`,
        effect: "read" as const,
        outcome,
      }));
      await log.record("t", "r", "o", ended);
      expect((await log.read("t", "r"))?.calls.slice(1)).toEqual(
        ended.map((call, at) => ({ ...call, index: at + 1 })),
      );
      expect(await log.intend("t", "r", "o", INTENT)).toBe(3);
      expect(await refusal(log.record("t", "r", "other", ended))).toBe("conflict");
      await pass(1_001);
      await log.open({ ...START, owner: "other" });
      expect(await refusal(log.record("t", "r", "o", ended))).toBe("conflict");
      expect((await log.read("t", "r"))?.calls).toHaveLength(4);
    });

    logTest("tells how the last attempt ended, until the next begins", async ({ log }) => {
      await log.open(START);
      const end = { at: 5, error: { code: "program_failed", message: "ü" } };
      await log.close("t", "r", "nobody", { at: 4 });
      await log.close("t", "r", "o", end);
      expect((await log.read("t", "r"))?.end).toEqual(end);
      expect((await log.list("t")).runs[0]).toMatchObject({ end, source: START.source });
      expect((await log.open({ ...START, owner: "x" })).end).toBeUndefined();
      await log.close("t", "r", "x");
      expect((await log.read("t", "r"))?.end).toBeUndefined();
    });

    logTest("closes with what is open as unknown", async ({ log }) => {
      await log.open(START);
      await log.intend("t", "r", "o", INTENT);
      await log.close("t", "r", "o");
      expect((await log.read("t", "r"))?.calls[0]?.outcome).toMatchObject({ state: "unknown" });
    });

    logTest("refuses what it does not know", async ({ log }) => {
      expect(await log.read("t", "r")).toBeUndefined();
      expect(await refusal(log.intend("t", "r", "o", INTENT))).toBe("conflict");
      expect(await refusal(log.settle("t", "r", "o", 0, APPLIED))).toBe("not_found");
      await log.open(START);
      expect(await refusal(log.settle("t", "r", "o", 0, APPLIED))).toBe("not_found");
      await log.close("t", "none", "o");
    });

    logTest("keeps tenants apart", async ({ log }) => {
      await log.open(START);
      await log.open({ ...START, tenant: "u", program: "q", owner: "v" });
      await log.intend("t", "r", "o", INTENT);
      expect((await log.read("u", "r"))?.calls).toEqual([]);
      expect(await refusal(log.intend("u", "r", "o", INTENT))).toBe("conflict");
      expect(await log.read("__proto__", "r")).toBeUndefined();
      expect((await log.list("u")).runs.map(({ program }) => program)).toEqual(["q"]);
    });

    logTest("lists runs newest first, page by page", async ({ log }) => {
      for (let i = 0; i < 5; i++) await log.open({ ...START, runId: `r${i}`, at: i });
      await log.intend("t", "r4", "o", INTENT);
      const first = await log.list("t", { limit: 2 });
      expect(first.runs.map(({ runId, calls }) => [runId, calls])).toEqual([
        ["r4", 1],
        ["r3", 0],
      ]);
      const second = await log.list("t", { limit: 2, cursor: first.cursor! });
      expect(second.runs.map(({ runId }) => runId)).toEqual(["r2", "r1"]);
      const third = await log.list("t", { limit: 2, cursor: second.cursor! });
      expect(third.runs.map(({ runId }) => runId)).toEqual(["r0"]);
      expect(third.cursor).toBeUndefined();
    });

    logTest("keeps a run's session from its first start, and lists by session", async ({ log }) => {
      await log.open({ ...START, session: "s" });
      await log.close("t", "r", "o");
      expect(await log.open({ ...START, owner: "x", session: "other" })).toMatchObject({ session: "s" });
      await log.open({ ...START, runId: "none" });
      await log.open({ ...START, tenant: "u", runId: "u", session: "s" });
      for (const runId of ["r1", "r2", "r3"]) await log.open({ ...START, runId, session: "s" });
      expect((await log.read("t", "none"))?.session).toBeUndefined();
      expect((await log.read("t", "r"))?.session).toBe("s");
      expect((await log.list("t")).runs.map(({ runId, session }) => [runId, session])).toEqual([
        ["r3", "s"],
        ["r2", "s"],
        ["r1", "s"],
        ["none", undefined],
        ["r", "s"],
      ]);
      const first = await log.list("t", { session: "s", limit: 2 });
      expect(first.runs.map(({ runId }) => runId)).toEqual(["r3", "r2"]);
      const second = await log.list("t", { session: "s", limit: 2, cursor: first.cursor! });
      expect(second.runs.map(({ runId }) => runId)).toEqual(["r1", "r"]);
      expect(second.cursor).toBeUndefined();
      expect((await log.list("t", { session: "other" })).runs).toEqual([]);
    });

    logTest("lets a run be taken over from an owner that is dead", async ({ log, pass }) => {
      await log.open(START);
      await log.intend("t", "r", "o", INTENT);
      await log.intend("t", "r", "o", INTENT);
      const wrong = log.open({ ...START, owner: "x", program: "other", takeOver: true });
      expect(await refusal(wrong)).toBe("conflict");
      const { calls } = await log.open({ ...START, owner: "x", takeOver: true });
      expect(calls.map(({ outcome }) => outcome.state)).toEqual(["unknown", "unknown"]);
      expect(await refusal(log.intend("t", "r", "o", INTENT))).toBe("conflict");
      expect(await refusal(log.record("t", "r", "o", [{ ...INTENT, outcome: APPLIED }]))).toBe("conflict");
      await log.close("t", "r", "o");
      await log.settle("t", "r", "o", 0, APPLIED);
      await pass(999);
      const run = (await log.read("t", "r"))!;
      expect(run.state).toBe("open");
      expect(run.calls.map(({ outcome }) => outcome.state)).toEqual(["applied", "unknown"]);
      expect(await log.intend("t", "r", "x", INTENT)).toBe(2);
    });

    logTest("gives a run again to the owner that has it, as it is", async ({ log }) => {
      await log.open(START);
      await log.intend("t", "r", "o", INTENT);
      const again = await log.open({ ...START, at: 9 });
      expect(again).toEqual(await log.read("t", "r"));
      expect(again.calls[0]?.outcome.state).toBe("intended");
      expect(await refusal(log.open({ ...START, program: "other" }))).toBe("conflict");
    });

    logTest("numbers calls that are noted at once", async ({ log }) => {
      await log.open(START);
      const indexes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => log.intend("t", "r", "o", { ...INTENT, key: `k${i}` })),
      );
      expect([...indexes].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
      const { calls } = (await log.read("t", "r"))!;
      for (const [i, index] of indexes.entries()) expect(calls[index]?.key).toBe(`k${i}`);
    });

    logTest("does not share objects with its callers", async ({ log }) => {
      await log.open(START);
      const args = { path: "a" };
      await log.intend("t", "r", "o", { ...INTENT, args });
      args.path = "b";
      const run = (await log.read("t", "r"))!;
      expect(run.calls[0]?.args).toEqual({ path: "a" });
      (run.calls[0]!.args as { path: string }).path = "c";
      expect((await log.read("t", "r"))!.calls[0]?.args).toEqual({ path: "a" });
    });
  });
}
