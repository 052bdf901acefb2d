import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { call, openEngine, type TestEngine } from "./open-engine.ts";

interface SlowEngine extends TestEngine {
  /** Resolves when a call of the slow tool is under way. */
  readonly started: Promise<void>;
  readonly finish: () => void;
}

async function openSlow(): Promise<SlowEngine> {
  const started = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const engine = await openEngine({
    servers: {
      slow: [{ name: "work", answer: () => (started.resolve(), end.promise) }],
    },
    foregroundSeconds: 5,
  });
  return { ...engine, started: started.promise, finish: () => end.resolve("done") };
}
const CODE = { code: "return await slow.work({})" };

test("a run that takes long is answered with its id, and its result is fetched with it", async () => {
  const { optimizer, clock, started, finish, reached } = await openSlow();
  const first = call(optimizer, "run_code", CODE);
  await started;
  clock.advance(5_000);
  const { running } = JSON.parse((await first).text) as { running: string };
  const second = call(optimizer, "run_code", { run: running });
  await turn();
  clock.advance(5_000);
  expect(JSON.parse((await second).text)).toMatchObject({ running });
  const third = call(optimizer, "run_code", { run: running });
  finish();
  expect(JSON.parse((await third).text)).toMatchObject({ value: "done" });
  expect(reached).toEqual(["slow.work {}"]);
});

test("whoever wants to wait, waits, and is told at once what for", async () => {
  const { optimizer, clock, started, finish } = await openSlow();
  const runs: string[] = [];
  const onRun = (runId: string): void => void runs.push(runId);
  const whole = call(optimizer, "run_code", CODE, { untilDone: true, onRun });
  await started;
  const [runId] = runs;
  expect(await optimizer.runs.show(runId!)).toMatchObject({ runId, state: "open" });
  clock.advance(20_000);
  finish();
  expect(JSON.parse((await whole).text)).toMatchObject({ value: "done" });
});

test("leaving ends a run in the foreground, and not one that goes on by itself", async () => {
  const gone = new AbortController();
  const foreground = await openSlow();
  const first = call(foreground.optimizer, "run_code", CODE, { signal: gone.signal });
  await foreground.started;
  gone.abort();
  expect(JSON.parse((await first).text)).toMatchObject({ error: { code: "cancelled" } });

  const { optimizer, clock, started, finish } = await openSlow();
  const begun = call(optimizer, "run_code", CODE);
  await started;
  clock.advance(5_000);
  const { running } = JSON.parse((await begun).text) as { running: string };
  const leaving = new AbortController();
  const waiting = call(optimizer, "run_code", { run: running }, { signal: leaving.signal });
  leaving.abort();
  expect(JSON.parse((await waiting).text)).toMatchObject({ running });
  finish();
  const last = await call(optimizer, "run_code", { run: running });
  expect(JSON.parse(last.text)).toMatchObject({ value: "done" });
});

test("closing the engine ends what goes on", async () => {
  const { optimizer, clock, started } = await openSlow();
  const begun = call(optimizer, "run_code", CODE);
  await started;
  clock.advance(5_000);
  await begun;
  await optimizer.dispose();
});
