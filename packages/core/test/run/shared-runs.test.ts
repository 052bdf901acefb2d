import { OptimizerError, type LogEntry, type SessionStore } from "@mcp-optimizer/contracts";
import { createManualClock, type ManualClock } from "@mcp-optimizer/testkit";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ExecutedRun } from "../../src/run/executor.ts";
import { createSharedRuns, type FreeRun } from "../../src/run/shared-runs.ts";
import { createMemoryBulletin } from "../../src/state/memory-bulletin.ts";
import { createMemorySessionStore } from "../../src/state/memory-session-store.ts";

const executed = (answer: string): ExecutedRun => ({ answer }) as unknown as ExecutedRun;
const AT_ONCE = Promise.resolve();
const NEVER = new Promise<never>(() => {});
const LEASE_MS = 15_000;

/** Processes on one store, each with its own clock. */
function openProcesses() {
  const time = createManualClock();
  const store = createMemorySessionStore({ clock: time });
  const bulletin = createMemoryBulletin();
  let ids = 0;
  const open = (clock: ManualClock = createManualClock(), over: Partial<SessionStore> = {}) => {
    const logged: LogEntry[] = [];
    const parts = { bulletin, clock, log: (entry: LogEntry) => void logged.push(entry) };
    const randomId = (): string => `h${(ids += 1)}`;
    return {
      runs: createSharedRuns({ ...parts, store: { ...store, ...over }, randomId }),
      clock,
      logged,
    };
  };
  return { time, store, open };
}
/** Finds a run whose holder is silent. */
async function findDead({ runs, clock }: ReturnType<ReturnType<typeof openProcesses>["open"]>) {
  clock.advance(LEASE_MS);
  const found = runs.wait("t", "r", NEVER);
  await turn();
  clock.advance(LEASE_MS / 2);
  return (await found) as FreeRun;
}

test("all who wait get an end, of those who come later one, and then the log has it", async () => {
  const { open } = openProcesses();
  const [one, other] = [open(), open()];
  const held = await one.runs.hold("t", "r");
  const waiting = [other, other, one].map(({ runs }) => runs.wait("t", "r", NEVER));
  await turn();
  await held.end(executed("a"));
  expect(await Promise.all(waiting)).toEqual(
    waiting.map(() => ({ state: "ended", executed: { answer: "a" } })),
  );
  expect(await other.runs.wait("t", "r", AT_ONCE)).toMatchObject({ state: "free", dead: false });
  expect(await other.runs.wait("other", "r", AT_ONCE)).toMatchObject({ state: "free", version: undefined });

  const again = await one.runs.hold("t", "later");
  await again.end(executed("b"));
  expect(await other.runs.wait("t", "later", AT_ONCE)).toMatchObject({ state: "ended" });
  expect(await other.runs.wait("t", "later", AT_ONCE)).toMatchObject({ state: "free" });
  const third = await one.runs.hold("t", "here");
  await third.end(executed("c"));
  await third.fetched();
  expect(await other.runs.wait("t", "here", AT_ONCE)).toMatchObject({ state: "free" });
});

test("of all who find a run free one may have it", async () => {
  const { open } = openProcesses();
  const [one, other] = [open(), open()];
  const found = (await other.runs.wait("t", "r", AT_ONCE)) as FreeRun;
  const claims = await Promise.all([one, other, other].map(({ runs }) => runs.claim("t", "r", found)));
  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
  expect(await other.runs.wait("t", "r", AT_ONCE)).toEqual({ state: "running" });
  await claims.find((claim) => claim !== undefined)!.end();
  expect(await other.runs.wait("t", "r", AT_ONCE)).toMatchObject({ state: "free", version: undefined });
});

test("one that was taken for dead and lives says nothing more of a run that another has", async () => {
  const { open } = openProcesses();
  const [late, next] = [open(), open()];
  const lost = await late.runs.hold("t", "r");
  const taken = (await next.runs.claim("t", "r", await findDead(next)))!;
  expect(taken).toBeDefined();
  late.clock.advance(LEASE_MS);
  await turn();
  await lost.end();
  expect(await next.runs.wait("t", "r", AT_ONCE)).toEqual({ state: "running" });
  await taken.end(executed("next"));
  late.clock.advance(LEASE_MS);
  await lost.end(executed("late"));
  await lost.fetched();
  expect(await next.runs.wait("t", "r", AT_ONCE)).toMatchObject({ executed: { answer: "next" } });
});

test.each([3_600_000, -3_600_000])(
  "clocks that are %s ms apart neither hide a death nor make one",
  async (ms) => {
    const { open } = openProcesses();
    const [one, other] = [open(), open()];
    (ms > 0 ? one : other).clock.advance(Math.abs(ms));
    const held = await one.runs.hold("t", "r");
    const waiting = other.runs.wait("t", "r", NEVER);
    for (let beat = 0; beat < 6; beat += 1) {
      await turn();
      for (const { clock } of [one, other]) clock.advance(LEASE_MS / 3);
    }
    await turn();
    await held.end(executed("a"));
    expect(await waiting).toMatchObject({ state: "ended" });
    await one.runs.hold("t", "dead");
    const dead = other.runs.wait("t", "dead", NEVER);
    for (let beat = 0; beat < 4; beat += 1) {
      await turn();
      other.clock.advance(LEASE_MS / 3);
    }
    expect(await dead).toMatchObject({ state: "free", dead: true });
  },
);

test("a record that has expired, and that nobody has taken, is in nobody's way", async () => {
  const { open, time } = openProcesses();
  const one = open();
  const held = await one.runs.hold("t", "r");
  await held.end(executed("old"));
  time.advance(700_000);
  const again = await one.runs.hold("t", "r");
  expect(await one.runs.wait("t", "r", AT_ONCE)).toEqual({ state: "running" });
  await again.end();
  expect(one.logged).toEqual([]);
});

test("where the store is away while a run is held, it is held again when it is back", async () => {
  let away = true;
  const { store, open } = openProcesses();
  const other = open();
  const present = (): void => {
    if (away) throw new OptimizerError("store_unavailable");
  };
  const one = open(createManualClock(), {
    get: async (...asked) => (present(), await store.get(...asked)),
    takeExpired: async (limit) => (present(), await store.takeExpired(limit)),
  });
  const held = await one.runs.hold("t", "r");
  expect(await other.runs.wait("t", "r", AT_ONCE)).toMatchObject({ state: "free" });
  away = false;
  one.clock.advance(LEASE_MS / 3);
  await turn();
  expect(await other.runs.wait("t", "r", AT_ONCE)).toEqual({ state: "running" });
  away = true;
  await held.end(executed("a"));
  expect(one.logged.map(({ level }) => level)).toContain("warn");
  // Its end was not told: it is taken over from the log.
  expect(await findDead(other)).toMatchObject({ dead: true });
});
