import { expect, test } from "vitest";
import { createNotesWorld } from "./notes-world.ts";

test("a replay gives what was recorded and writes nothing again", async () => {
  const world = createNotesWorld();
  await world.program("one", async (call) => {
    await call("notes.create", { text: "a" });
    return await call("notes.list", {});
  });
  const replay = await world.runs.replay("r");
  expect(replay).toMatchObject({
    kind: "program",
    report: { runId: "r", value: ["n1"], calls: [{ replayed: true }, { replayed: true }] },
  });
  expect(world.calls).toHaveLength(2);
});

test("a replay of one call gives its result as the server sent it", async () => {
  const world = createNotesWorld();
  const { result } = await world.callDirect("notes.create", { text: "a" }, "r");
  expect(await world.runs.replay("r")).toMatchObject({ kind: "call", answer: { runId: "r", result } });
  expect(world.calls).toHaveLength(1);
});

test.each([
  ["another definition", "new words", "notes.create has changed"],
  ["none", undefined, "notes.create is gone"],
])("a run whose tool has %s by now is named before anything runs", async (_, description, words) => {
  const world = createNotesWorld();
  let went = 0;
  await world.program("one", async (call) => {
    went += 1;
    await call("notes.list", {});
    await call("notes.create", { text: "a" });
    await call("notes.create", { text: "b" });
  });
  world.replaceTool("create", description);
  await expect(world.runs.replay("r")).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(new RegExp(`than there are now: ${words}$`)) as string,
  });
  expect(went).toBe(1);
});

test("a tool that was only read with, or failed, may be another by now", async () => {
  const world = createNotesWorld();
  await world.program("read", async (call) => {
    await call("notes.list", {});
    await call("notes.create", { wrong: 1 }).catch(() => undefined);
  });
  world.replaceTool("create", "new words");
  world.replaceTool("list", "new words");
  expect(await world.runs.replay("r")).toMatchObject({ kind: "program" });
});

test("what is not there, or took back another run, is not replayed", async () => {
  const world = createNotesWorld();
  await expect(world.runs.replay("r")).rejects.toMatchObject({ code: "not_found" });
  await expect(world.runs.show("r")).rejects.toMatchObject({ code: "not_found" });
  await world.program("one", async (call) => void (await call("notes.create", { text: "a" })));
  await expect(world.runs.show("r", "other")).rejects.toMatchObject({ code: "not_found" });
  const { id } = await world.runs.planRevert("r");
  await world.runs.revert("r", { approved: id });
  await expect(world.runs.replay("r.revert")).rejects.toMatchObject({ code: "conflict" });
  expect((await world.runs.list()).runs.map(({ runId }) => runId)).toEqual(["r.revert", "r"]);
  expect((await world.runs.list({ tenant: "other" })).runs).toEqual([]);
});
