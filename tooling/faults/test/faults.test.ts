import fc from "fast-check";
import type { ExecutionLog } from "@mcp-optimizer/contracts";
import { expect, onTestFinished, test } from "vitest";
import type { Damage } from "../src/damage.ts";
import { openFaultyEngine } from "../src/live-through.ts";
import { callName, SCHEDULES, type Schedule } from "../src/schedule.ts";

const NONE: Damage = { duplicateWrites: 0, lostAcknowledged: 0, unreportedUnknown: 0 };
const SCHEDULES_OF_TEST = 220;

/** A call that was sent again under its idempotency key, without an answer either time, stands for one call of the program. */
const SENT_TWICE_UNDER_ONE_KEY: Schedule = {
  program: [
    [
      { kind: "write", key: 0 },
      { kind: "keyed", key: 1 },
    ],
    [
      { kind: "keyed", key: 1 },
      { kind: "write", key: 0 },
    ],
  ],
  callFaults: ["crash before"],
  logFaults: ["none", "crash before"],
};

/** Two calls at once after one that may have worked: only one of them takes its key over. */
const ONE_KEY_FOR_TWO: Schedule = {
  program: [
    [{ kind: "keyed", key: 0 }],
    [
      { kind: "keyed", key: 0 },
      { kind: "keyed", key: 0 },
    ],
  ],
  callFaults: ["lost before"],
  logFaults: [],
};

test("no schedule of crashes, lost replies, departures, reconnects and pauses does a write twice, loses one, or hides one", async () => {
  const engine = await openFaultyEngine();
  onTestFinished(() => engine[Symbol.asyncDispose]());
  await fc.assert(
    fc.asyncProperty(SCHEDULES, async (schedule) => {
      expect(await engine.liveThrough(schedule)).toMatchObject(NONE);
    }),
    { numRuns: SCHEDULES_OF_TEST, examples: [[SENT_TWICE_UNDER_ONE_KEY], [ONE_KEY_FOR_TWO]] },
  );
}, 180_000);

const BROKEN: readonly (readonly [
  what: string,
  damage: keyof Damage,
  breakLog: (log: ExecutionLog) => ExecutionLog,
])[] = [
  [
    "does not tell the next attempt of earlier calls",
    "duplicateWrites",
    (log) => ({ ...log, open: async (start) => ({ ...(await log.open(start)), calls: [] }) }),
  ],
  [
    "takes a call without an outcome for one that failed",
    "duplicateWrites",
    (log) => ({
      ...log,
      open: async (start) => {
        const run = await log.open(start);
        return { ...run, calls: run.calls.filter(({ outcome }) => outcome.state !== "unknown") };
      },
    }),
  ],
  [
    "notes a call as done before it is made",
    "lostAcknowledged",
    (log) => ({
      ...log,
      intend: async (tenant, runId, owner, intent) => {
        const index = await log.intend(tenant, runId, owner, intent);
        const value = `${callName(intent.tool.slice("world.".length), intent.args)} done`;
        await log.settle(tenant, runId, owner, index, { state: "applied", value });
        return index;
      },
    }),
  ],
  [
    "forgets a call whose outcome is not known",
    "unreportedUnknown",
    (log) => ({
      ...log,
      read: async (tenant, runId) => {
        const run = await log.read(tenant, runId);
        return run && { ...run, calls: run.calls.filter(({ outcome }) => outcome.state !== "unknown") };
      },
    }),
  ],
];

test.each(BROKEN)(
  "a log that %s is noticed",
  async (_what, damage, breakLog) => {
    const engine = await openFaultyEngine({ breakLog });
    onTestFinished(() => engine[Symbol.asyncDispose]());
    let found = 0;
    for (const schedule of fc.sample(SCHEDULES, { numRuns: 150, seed: 7 })) {
      found += (await engine.liveThrough(schedule))[damage];
      if (found > 0) break;
    }
    expect(found).toBeGreaterThan(0);
  },
  60_000,
);
