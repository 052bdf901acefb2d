import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createManualClock,
  testExecutionLog,
  LOG_INTENT as INTENT,
  LOG_START as START,
} from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createSqliteExecutionLog } from "../../src/log/sqlite-execution-log.ts";
import { stateFolder } from "../state-folder.ts";

testExecutionLog({
  name: "sqlite",
  create: async () => {
    const clock = createManualClock();
    const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-log-"));
    const log = await createSqliteExecutionLog({ file: join(folder, "state.db"), clock });
    return {
      log,
      pass: (ms) => clock.advance(ms),
      dispose: async () => {
        await log.dispose();
        await rm(folder, { recursive: true });
      },
    };
  },
});

test("what was noted is there when the file is opened again, and the run is held by whom it was", async () => {
  const file = join(stateFolder(), "state.db");
  const clock = createManualClock();
  const first = await createSqliteExecutionLog({ file, clock });
  await first.open(START);
  await first.intend("t", "r", "o", INTENT);
  await first.settle("t", "r", "o", 0, { state: "applied", value: { id: 1 } });
  const before = await first.read("t", "r");
  await first.dispose();
  await using second = await createSqliteExecutionLog({ file, clock });
  expect(await second.read("t", "r")).toEqual(before);
  await expect(second.open({ ...START, owner: "x" })).rejects.toMatchObject({
    code: "conflict",
    data: { retryAfterMs: 60_000 },
  });
});

test("names that no text can hold stay apart", async () => {
  await using log = await createSqliteExecutionLog({
    file: join(stateFolder(), "state.db"),
    clock: createManualClock(),
  });
  await log.open({ ...START, tenant: "\uD800", runId: "a\u0000b" });
  expect(await log.read("\uD801", "a\u0000b")).toBeUndefined();
  expect(await log.read("\uD800", "a")).toBeUndefined();
  expect(await log.read("\uD800", "a\u0000b")).toMatchObject({ tenant: "\uD800", runId: "a\u0000b" });
});

test("forgets the closed runs that were opened longest ago, never an open one", async () => {
  await using log = await createSqliteExecutionLog({
    file: join(stateFolder(), "state.db"),
    clock: createManualClock(),
    maxRuns: 2,
  });
  await log.open({ ...START, runId: "open" });
  for (const runId of ["a", "b", "c"]) {
    await log.open({ ...START, runId });
    await log.intend("t", runId, "o", INTENT);
    await log.close("t", runId, "o");
  }
  expect((await log.list("t")).runs.map(({ runId }) => runId)).toEqual(["c", "open"]);
  // Their calls went with them: a new run of the name has none.
  expect(await log.open({ ...START, runId: "a" })).toMatchObject({ calls: [] });
});

test("forgets closed runs when all together are over its size", async () => {
  await using log = await createSqliteExecutionLog({
    file: join(stateFolder(), "state.db"),
    clock: createManualClock(),
    maxBytes: 1_200,
  });
  for (const runId of ["a", "b", "c"]) {
    await log.open({ ...START, runId });
    await log.intend("t", runId, "o", INTENT);
    await log.settle("t", runId, "o", 0, { state: "applied", value: "ü".repeat(150) });
    await log.close("t", runId, "o");
  }
  expect((await log.list("t")).runs.map(({ runId }) => runId)).toEqual(["c", "b"]);
});

test("a page goes on where it was, whatever is opened meanwhile; a cursor of nobody is refused", async () => {
  await using log = await createSqliteExecutionLog({
    file: join(stateFolder(), "state.db"),
    clock: createManualClock(),
  });
  for (const runId of ["a", "b", "c", "d"]) {
    await log.open({ ...START, runId });
    await log.close("t", runId, "o");
  }
  const { cursor } = await log.list("t", { limit: 2 });
  await log.open({ ...START, runId: "c" });
  await log.open({ ...START, runId: "new" });
  expect((await log.list("t", { cursor: cursor! })).runs.map(({ runId }) => runId)).toEqual(["b", "a"]);
  await expect(log.list("t", { cursor: "r1" })).rejects.toMatchObject({ code: "invalid_params" });
});

test("a log that is closed says so", async () => {
  const log = await createSqliteExecutionLog({
    file: join(stateFolder(), "state.db"),
    clock: createManualClock(),
  });
  await log.dispose();
  await log.dispose();
  await expect(log.open(START)).rejects.toMatchObject({ code: "store_unavailable" });
});
