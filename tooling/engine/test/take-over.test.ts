import {
  createMemoryContextStore,
  createMemoryExecutionLog,
  createMemorySessionStore,
} from "@mcp-optimizer/core";
import { createManualClock } from "@mcp-optimizer/testkit";
import { expect, test, vi } from "vitest";
import { openEngine } from "./open-engine.ts";

test("a run of a process that is known to be dead goes on at once elsewhere, and repeats no write", async () => {
  const executionLog = createMemoryExecutionLog({ clock: createManualClock() });
  const begun = Promise.withResolvers<void>();
  const reply = Promise.withResolvers<string>();
  const servers = {
    files: [
      { name: "write", answer: () => "written" },
      { name: "sync", answer: () => (begun.resolve(), reply.promise) },
    ],
  };
  const policy = { effects: { "files.*": "write" as const } };
  const [dead, next] = [
    await openEngine({ servers, policy, executionLog }),
    await openEngine({ servers, policy, executionLog }),
  ];
  const code = `
    const first = await files.write({ path: "a" });
    const second = await files.sync({}).catch((error) => error.code);
    const third = await files.write({ path: "b" }).catch((error) => error.code);
    return [first, second, third];`;
  const run = { code, runId: "r" };
  const lost = dead.optimizer.run(run);
  await begun.promise;
  await expect(next.optimizer.run(run)).rejects.toMatchObject({ code: "conflict" });
  const taken = await next.optimizer.run({ ...run, takeOver: true });
  expect(taken.value).toEqual(["written", "outcome_unknown", "written"]);
  expect(next.reached).toEqual(['files.write {"path":"b"}']);
  // One that was not dead after all says how its call ended, and makes no other.
  reply.resolve("synced");
  expect((await lost).value).toEqual(["written", "synced", "conflict"]);
  expect(dead.reached).toEqual(['files.write {"path":"a"}', "files.sync {}"]);
  const logged = await next.optimizer.runs.show("r");
  expect(logged.calls.map(({ outcome }) => outcome.state)).toEqual(["applied", "applied", "applied"]);
});

test("a run that is taken over was given in its session what it was given first, and sets that again", async () => {
  const clock = createManualClock();
  const never = new Promise<string>(() => {});
  const shared = {
    executionLog: createMemoryExecutionLog({ clock }),
    contextStore: createMemoryContextStore({ clock }),
    sessionStore: createMemorySessionStore({ clock }),
  };
  const policy = { effects: { "files.read": "read" as const } };
  const dead = await openEngine({
    servers: { files: [{ name: "read", answer: () => never }] },
    policy,
    ...shared,
  });
  const next = await openEngine({
    servers: { files: [{ name: "read", answer: () => "read" }] },
    policy,
    ...shared,
  });
  const code = `
    const n = (await session.get("n") ?? 0) + 1;
    await session.set("n", n);
    await files.read({});
    return [n, await session.get("n"), await session.keys()];`;
  const { session } = await next.optimizer.run({ code: "await session.set('n', 4)" });
  void dead.optimizer.run({ code, runId: "r", sessionId: session! });
  void dead.optimizer.run({ code, runId: "without" });
  await vi.waitFor(() => expect(dead.reached).toHaveLength(2), 10_000);
  const goesOn = { code, takeOver: true };
  expect((await next.optimizer.run({ ...goesOn, runId: "r" })).value).toEqual([5, 5, ["n"]]);
  const taken = await next.optimizer.run({ ...goesOn, runId: "without" });
  expect(taken.value).toEqual([1, 1, ["n"]]);
  const { sessions } = await next.optimizer.sessions.list();
  expect(sessions.map(({ id }) => id)).toEqual([session, taken.session]);
});
