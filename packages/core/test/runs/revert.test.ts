import { OptimizerError } from "@mcp-optimizer/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RevertPlan } from "../../src/runs/revert-plan.ts";
import { createNotesWorld, INVERSES, type NotesWorld } from "./notes-world.ts";

const contentOf = ({ notes }: NotesWorld): object => Object.fromEntries(notes);
const idOf = (value: unknown): string => (value as { id: string }).id;
const summary = ({ steps, cannot }: RevertPlan) => ({
  steps: steps.map(({ call, tool, args, done }) => [call.index, tool, args, done]),
  cannot: cannot.map(({ call, why }) => [call.index, why]),
});

async function revert(world: NotesWorld, skip: number[] = []) {
  const { id } = await world.runs.planRevert("r", { skip });
  return await world.runs.revert("r", { approved: id, skip });
}

/** Creates a note, changes it, reads, removes another. */
async function wroteSome(world: NotesWorld): Promise<void> {
  await world.program("some", async (call) => {
    const a = idOf(await call("notes.create", { text: "one" }));
    await call("notes.change", { id: a, text: "two" });
    await call("notes.list", {});
    const b = idOf(await call("notes.create", { text: "other" }));
    await call("notes.remove", { id: b });
  });
}

describe("a plan", () => {
  test("takes back applied writes, the last first, with what they were given and gave", async () => {
    const world = createNotesWorld();
    await wroteSome(world);
    const plan = await world.runs.planRevert("r");
    expect(summary(plan)).toEqual({
      steps: [
        [4, "notes.restore", { note: { id: "n2", text: "other" } }, false],
        [3, "notes.remove", { id: "n2" }, false],
        [1, "notes.change", { id: "n1", text: "one" }, false],
        [0, "notes.remove", { id: "n1" }, false],
      ],
      cannot: [],
    });
    expect(world.calls).toHaveLength(5);
    expect((await world.runs.planRevert("r")).id).toBe(plan.id);
  });

  test("of one call without a program has its result as a program gets it", async () => {
    const world = createNotesWorld();
    await world.callDirect("notes.create", { text: "one" }, "r");
    expect(summary(await world.runs.planRevert("r")).steps).toEqual([
      [0, "notes.remove", { id: "n1" }, false],
    ]);
    await revert(world);
    expect([...world.notes]).toEqual([]);
  });

  test("says of each call why it stays", async () => {
    const world = createNotesWorld({
      inverses: {
        "notes.create": { tool: "notes.remove", args: { id: { $from: "result.key" } } },
        "notes.change": { tool: "elsewhere.undo", args: {} },
        "notes.restore": { tool: "notes.change", args: { id: 5 } },
      },
    });
    await wroteSome(world);
    const note = { id: "n9", text: "x" };
    await world.program("more", (call) => call("notes.restore", { note }), "s");
    expect(summary(await world.runs.planRevert("r"))).toEqual({
      steps: [],
      cannot: [
        [4, "no inverse of notes.remove is declared"],
        [3, "its inverse needs result.key, which the call does not have"],
        [1, "its inverse needs elsewhere.undo, which is not there"],
        [0, "its inverse needs result.key, which the call does not have"],
      ],
    });
    expect((await world.runs.planRevert("s")).cannot[0]?.why).toMatch(
      /notes\.change does not take the arguments: .*missing argument "text"/,
    );
    expect((await world.runs.planRevert("r", { skip: [1] })).cannot[2]?.why).toBe(
      "it is left as it is, as asked",
    );
  });

  test("leaves alone what nobody knows of, what has failed, and tools that are not what they were", async () => {
    let lost = false;
    const world = createNotesWorld({
      before: (tool) => {
        if (tool === "create" && lost) throw new Error("the line is dead");
      },
    });
    await world.program("doubt", async (call) => {
      const id = idOf(await call("notes.create", { text: "kept" }));
      await call("notes.change", { id, text: "changed" });
      await call("notes.change", { id: "n77", text: "of nobody" }).catch(() => undefined);
      lost = true;
      await call("notes.create", { text: "lost" }).catch(() => undefined);
    });
    world.replaceTool("change", "something else by now");
    expect(summary(await world.runs.planRevert("r"))).toEqual({
      steps: [[0, "notes.remove", { id: "n1" }, false]],
      cannot: [
        [3, "nobody knows whether it happened; look, then decide"],
        [2, "nobody knows whether it happened; look, then decide"],
        [1, "notes.change is not the tool any more that was called"],
      ],
    });
    world.replaceTool("create", undefined);
    expect((await world.runs.planRevert("r")).cannot.at(-1)?.why).toBe("there is no notes.create any more");
  });

  test("names what policy forbids", async () => {
    const rules = [{ decide: "deny", server: "notes", tool: "restore", reason: "by hand only" }] as const;
    const world = createNotesWorld({ policy: { rules } });
    await wroteSome(world);
    expect((await world.runs.planRevert("r")).cannot).toMatchObject([
      { call: { index: 4 }, why: "policy forbids notes.restore: by hand only" },
    ]);
  });
});

describe("a revert", () => {
  test("brings back what was, whatever was written", async () => {
    const write = fc.record({
      kind: fc.constantFrom("create", "change", "remove", "fail"),
      which: fc.nat(5),
      text: fc.constantFrom("a", "b"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 12 }), async (writes) => {
        const world = createNotesWorld();
        await world.program(
          "before",
          async (call) => void (await call("notes.create", { text: "old" })),
          "q",
        );
        const before = contentOf(world);
        await world.program("writes", async (call) => {
          for (const { kind, which, text } of writes) {
            const id = [...world.notes.keys()][which % Math.max(1, world.notes.size)];
            if (kind === "create") await call("notes.create", { text });
            else if (kind === "fail") await call("notes.create", { wrong: text }).catch(() => undefined);
            else if (id === undefined) continue;
            else await call(`notes.${kind}`, kind === "remove" ? { id } : { id, text });
          }
        });
        const { failed, left, cannot } = await revert(world);
        expect({ failed, left, cannot }).toEqual({ failed: undefined, left: [], cannot: [] });
        expect(contentOf(world)).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  test("needs the plan that was shown, and is logged", async () => {
    const world = createNotesWorld();
    await wroteSome(world);
    await expect(world.runs.revert("r", {})).rejects.toMatchObject({ code: "approval_required" });
    const { id } = await world.runs.planRevert("r", { skip: [4] });
    await expect(world.runs.revert("r", { approved: id })).rejects.toMatchObject({ code: "conflict" });
    expect(world.calls).toHaveLength(5);
    await revert(world);
    expect(await world.runs.show("r.revert")).toMatchObject({
      source: { kind: "revert", runId: "r" },
      state: "closed",
      calls: [{ tool: "notes.restore" }, {}, {}, { tool: "notes.remove", outcome: { state: "applied" } }],
    });
  });

  test("done twice repeats nothing, and neither does a replay after it", async () => {
    const world = createNotesWorld();
    await wroteSome(world);
    await revert(world);
    const calls = [...world.calls];
    expect((await world.runs.planRevert("r")).steps.map(({ done }) => done)).toEqual(Array(4).fill(true));
    const again = await revert(world);
    expect(again.done).toHaveLength(4);
    await world.runs.replay("r");
    expect(world.calls).toEqual(calls);
    expect([...world.notes]).toEqual([]);
  });

  test("takes equal writes back as often as they were made", async () => {
    const world = createNotesWorld({
      inverses: { ...INVERSES, "notes.create": { tool: "notes.create", args: { text: "undone" } } },
    });
    await world.program("twins", async (call) => {
      await call("notes.create", { text: "twin" });
      await call("notes.create", { text: "twin" });
    });
    await revert(world);
    await revert(world);
    expect([...world.notes.values()]).toEqual(["twin", "twin", "undone", "undone"]);
  });

  test("stops at the first step that fails, says what is left, and goes on there", async () => {
    let broken = true;
    const world = createNotesWorld({
      before: (tool, { id }) => {
        if (broken && tool === "remove" && id === "n2") {
          throw new OptimizerError("upstream_failed", { data: { notApplied: true } });
        }
      },
    });
    await world.program("three", async (call) => {
      for (const text of ["a", "b", "c"]) await call("notes.create", { text });
    });
    const first = await revert(world);
    expect(first.done.map(({ call }) => call.index)).toEqual([2]);
    expect(first.failed).toMatchObject({ step: { call: { index: 1 } } });
    expect(first.left.map(({ call }) => call.index)).toEqual([0]);
    expect([...world.notes.keys()]).toEqual(["n1", "n2"]);
    expect((await world.runs.show("r.revert")).end?.error).toBeDefined();
    broken = false;
    // The fixture's fault does not say that nothing happened: the step is in doubt, and a person may leave it out.
    const plan = await world.runs.planRevert("r");
    expect(plan.cannot).toMatchObject([{ call: { index: 1 }, why: expect.stringContaining("nobody knows") }]);
    expect((await revert(world)).failed).toBeUndefined();
    expect([...world.notes.keys()]).toEqual(["n2"]);
  });

  test("answers what policy asks about its own steps, and nothing else", async () => {
    const world = createNotesWorld({
      policy: { default: { write: "ask", destructive: "ask" }, rules: [{ decide: "allow", tool: "create" }] },
    });
    await world.program("two", async (call) => {
      for (const text of ["a", "b"]) await call("notes.create", { text });
    });
    expect((await revert(world)).done).toHaveLength(2);
    expect([...world.notes]).toEqual([]);
    // A second one finds it done.
    expect((await revert(world)).done).toHaveLength(2);
    expect(world.calls).toHaveLength(4);
  });

  test("is refused for a run that is under way, and for one of another tenant", async () => {
    const world = createNotesWorld();
    let during: unknown;
    await world.program("busy", async (call) => {
      await call("notes.create", { text: "x" });
      during = await world.runs.planRevert("r").catch((error: unknown) => error);
    });
    expect(during).toMatchObject({ code: "conflict" });
    await expect(world.runs.planRevert("r", { tenant: "other" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(world.runs.planRevert("r", { skip: [9] })).rejects.toMatchObject({ code: "invalid_params" });
  });

  test("can be cancelled between steps", async () => {
    const world = createNotesWorld();
    await wroteSome(world);
    const { id } = await world.runs.planRevert("r");
    const report = await world.runs.revert("r", { approved: id, signal: AbortSignal.abort() });
    expect(report).toMatchObject({ done: [], failed: { error: { code: "cancelled" } } });
    expect(report.left).toHaveLength(3);
    expect(world.calls).toHaveLength(5);
  });

  test("of a revert brings the writes back where inverses say how", async () => {
    const world = createNotesWorld({
      inverses: {
        ...INVERSES,
        "notes.restore": { tool: "notes.remove", args: { id: { $from: "args.note.id" } } },
      },
    });
    await world.program("one", async (call) => void (await call("notes.create", { text: "a" })));
    await revert(world);
    const { id } = await world.runs.planRevert("r.revert");
    await world.runs.revert("r.revert", { approved: id });
    expect([...world.notes]).toEqual([["n1", "a"]]);
  });
});
