import {
  createMemoryBulletin,
  createMemoryExecutionLog,
  createMemoryProgramStore,
  createMemorySessionStore,
  type OptimizerOptions,
} from "@mcp-optimizer/core";
import type { PolicySettings } from "@mcp-optimizer/core/settings";
import { createManualClock } from "@mcp-optimizer/testkit";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { call, openEngine, type TestEngine } from "./open-engine.ts";

const READS: PolicySettings = { effects: { "slow.work": "read" } };

/** Engines as processes have them: of one kind of servers, on the same stores; the first with a clock of its own. */
async function openTwo(policy: PolicySettings = {}) {
  const clocks = [createManualClock(), createManualClock()] as const;
  const [clock] = clocks;
  const shared = {
    executionLog: createMemoryExecutionLog({ clock }),
    runStatus: createMemorySessionStore({ clock }),
    bulletin: createMemoryBulletin(),
    programStore: createMemoryProgramStore(),
  } satisfies Partial<OptimizerOptions>;
  const started = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const answer = (): Promise<string> => (started.resolve(), end.promise);
  const open = (at: 0 | 1): Promise<TestEngine> =>
    openEngine({
      servers: { slow: [{ name: "work", answer }] },
      policy,
      foregroundSeconds: 5,
      ...shared,
      clock: clocks[at],
    });
  const [one, other, third] = [await open(0), await open(1), await open(1)];
  const begin = async (): Promise<string> => {
    const first = call(one.optimizer, "run_code", { code: "return await slow.work({})" });
    await started.promise;
    clocks[0].advance(5_000);
    return (JSON.parse((await first).text) as { running: string }).running;
  };
  const finish = (): void => end.resolve("done");
  return { one, other, third, clocks, begin, finish, shared };
}

test("a run that one process holds is waited for at another, and fetched once", async () => {
  const { one, other, clocks, begin, finish } = await openTwo();
  const run = await begin();
  const early = call(other.optimizer, "run_code", { run });
  await turn();
  clocks[1].advance(5_000);
  expect(JSON.parse((await early).text)).toMatchObject({ running: run });
  const waiting = call(other.optimizer, "run_code", { run });
  await turn();
  finish();
  expect(JSON.parse((await waiting).text)).toMatchObject({ value: "done" });
  expect([...one.reached, ...other.reached]).toEqual(["slow.work {}"]);
  expect(JSON.parse((await call(other.optimizer, "run_code", { run })).text)).toMatchObject({
    value: "done",
  });
  expect([...one.reached, ...other.reached]).toEqual(["slow.work {}"]);
});

test("another tenant finds no such run", async () => {
  const { other, begin, finish } = await openTwo();
  const run = await begin();
  const { text } = await call(other.optimizer, "run_code", { run }, { tenant: "else" });
  expect(text).toMatch(/^not_found: /);
  finish();
});

test("a run whose process died goes on elsewhere, and what may have been written is not written again", async () => {
  const { one, other, clocks, begin, finish } = await openTwo();
  const run = await begin();
  // The first process does nothing any more: its clock stands still.
  clocks[1].advance(60_000);
  const taking = call(other.optimizer, "run_code", { run });
  await turn();
  clocks[1].advance(5_000);
  expect(JSON.parse((await taking).text)).toMatchObject({ error: { code: "outcome_unknown" } });
  expect(one.reached).toEqual(["slow.work {}"]);
  expect(other.reached).toEqual([]);
  finish();
});

test("a run whose process is closed goes on elsewhere", async () => {
  const { one, other, begin, finish } = await openTwo(READS);
  const run = await begin();
  const closing = one.optimizer.dispose();
  finish();
  await closing;
  expect(JSON.parse((await call(other.optimizer, "run_code", { run })).text)).toMatchObject({
    value: "done",
  });
});

test("a run whose process was without the store for longer than its lease is not taken from it", async () => {
  const { one, other, clocks, begin, finish } = await openTwo(READS);
  const run = await begin();
  clocks[1].advance(60_000);
  const waiting = call(other.optimizer, "run_code", { run });
  await turn();
  // It says that it lives before the other has lost patience.
  clocks[0].advance(60_000);
  await turn();
  clocks[1].advance(4_000);
  finish();
  expect(JSON.parse((await waiting).text)).toMatchObject({ value: "done" });
  expect([...one.reached, ...other.reached]).toEqual(["slow.work {}"]);
});

test.each(["ends", "is closed"])(
  "two fronts that wait for one run both get its value when its process %s, and no call is made twice at once",
  async (how) => {
    const { one, other, third, begin, finish } = await openTwo(READS);
    const run = await begin();
    const waiting = [other, third, other, third].map(({ optimizer }) => call(optimizer, "run_code", { run }));
    await turn();
    const closing = how === "ends" ? undefined : one.optimizer.dispose();
    finish();
    for (const each of waiting) expect(JSON.parse((await each).text)).toMatchObject({ value: "done" });
    expect(other.reached.length + third.reached.length).toBeLessThanOrEqual(how === "ends" ? 0 : 1);
    await closing;
  },
);

test("of all who find a run of a dead process, one takes it over, and the others wait for that one", async () => {
  const { other, third, clocks, begin, finish } = await openTwo(READS);
  const run = await begin();
  clocks[1].advance(60_000);
  const waiting = [other, other, third, third].map(({ optimizer }) => call(optimizer, "run_code", { run }));
  await turn();
  clocks[1].advance(4_900);
  finish();
  clocks[1].advance(100);
  for (const each of waiting) expect(JSON.parse((await each).text)).toMatchObject({ value: "done" });
  expect(other.reached.length + third.reached.length).toBe(1);
});

test("who leaves while waiting for a silent process takes nothing from it", async () => {
  const { one, other, clocks, begin, finish } = await openTwo(READS);
  const run = await begin();
  clocks[1].advance(60_000);
  const gone = new AbortController();
  const waiting = call(other.optimizer, "run_code", { run }, { signal: gone.signal });
  await turn();
  gone.abort();
  expect(JSON.parse((await waiting).text)).toMatchObject({ running: run });
  finish();
  expect(JSON.parse((await call(one.optimizer, "run_code", { run })).text)).toMatchObject({ value: "done" });
  expect(other.reached).toEqual([]);
});

test("two who go on with a run from the log at once, in one process, share it", async () => {
  const { one, begin, finish, shared } = await openTwo(READS);
  const run = await begin();
  finish();
  await expect.poll(async () => (await one.optimizer.runs.show(run)).state).toBe("closed");
  const alone = await openEngine({
    servers: { slow: [{ name: "work", answer: () => "no" }] },
    executionLog: shared.executionLog,
  });
  const asked = [1, 2].map(() => call(alone.optimizer, "run_code", { run }));
  for (const each of asked) expect(JSON.parse((await each).text)).toMatchObject({ value: "done" });
});

test("an engine that is closed leaves nobody waiting for another's run, and begins none", async () => {
  const { other, begin, finish } = await openTwo(READS);
  const run = await begin();
  const waiting = call(other.optimizer, "run_code", { run }, { untilDone: true });
  await turn();
  await other.optimizer.dispose();
  expect(JSON.parse((await waiting).text)).toMatchObject({ running: run });
  expect((await call(other.optimizer, "run_code", { code: "return 1" })).text).toMatch(/^cancelled: /);
  finish();
});

test("a run that asks at one process and is answered at two others at once does what was approved once", async () => {
  const executionLog = createMemoryExecutionLog({ clock: createManualClock() });
  const approvals = { secret: "0123456789abcdef0123456789abcdef" };
  const open = () =>
    openEngine({
      servers: { notes: [{ name: "add", answer: () => "added" }] },
      policy: { effects: { "notes.add": "write" }, rules: [{ tool: "add", decide: "ask" }] },
      executionLog,
      approvals,
    });
  const [one, ...others] = [await open(), await open(), await open()];
  const code = "return [await notes.add({ n: 1 }), await notes.add({ n: 2 })]";
  const { pending } = await call(one.optimizer, "run_code", { code });
  const approval = { state: pending!.state, approved: true };
  const answers = await Promise.all(
    [...others, ...others].map(({ optimizer }) => call(optimizer, "run_code", { code }, { approval })),
  );
  const texts = answers.map(({ text }) => text.replace(/^conflict: .*$/s, "conflict"));
  expect(texts.filter((text) => text !== "conflict").length).toBeGreaterThan(0);
  for (const text of texts) {
    if (text !== "conflict") expect(JSON.parse(text)).toMatchObject({ value: ["added", "added"] });
  }
  const reached = [one, ...others].flatMap((engine) => engine.reached);
  expect(reached.toSorted()).toEqual(['notes.add {"n":1}', 'notes.add {"n":2}']);
  // Who asked first finds what came of it.
  const { text } = await call(one.optimizer, "run_code", { run: pending!.request.runId });
  expect(JSON.parse(text)).toMatchObject({ value: ["added", "added"] });
});

test("a program that is saved at one is an intent at the other, until it is removed", async () => {
  const { one, other } = await openTwo();
  const { runId } = await one.optimizer.run({ code: "return 1 + 1" });
  await one.optimizer.programs.save({ runId, name: "sum", description: "Adds one and one." });
  await expect.poll(() => other.optimizer.intents.intents.map(({ name }) => name)).toContain("sum");
  const { text } = await call(other.optimizer, "run_code", { code: "return await intents.sum({})" });
  expect(JSON.parse(text)).toMatchObject({ value: 2 });
  await other.optimizer.programs.remove("sum");
  await expect.poll(() => one.optimizer.intents.intents).toEqual([]);
});
