import { join } from "node:path";
import { createManualClock, testSessionStore } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createSqliteSessionStore } from "../../src/sessions/sqlite-session-store.ts";
import { stateFolder } from "../state-folder.ts";

testSessionStore({
  name: "sqlite",
  create: async () => {
    const clock = createManualClock();
    const file = join(stateFolder(), "state.db");
    const open = (name: string) => createSqliteSessionStore({ file, clock, name });
    const [store, second, other] = [await open("sessions"), await open("sessions"), await open("runs")];
    return {
      store,
      second,
      other,
      pass: (ms) => clock.advance(ms),
      dispose: async () => {
        for (const one of [store, second, other]) await one.dispose();
      },
    };
  },
});

const NEW = { tenant: "t", principal: "p", data: {}, ttlMs: 1_000 };

test("sessions outlast the process, and what has expired meanwhile is found", async () => {
  const file = join(stateFolder(), "state.db");
  const clock = createManualClock();
  const first = await createSqliteSessionStore({ file, clock, name: "sessions" });
  await first.create({ ...NEW, id: "short" });
  const kept = await first.create({ ...NEW, id: "long", data: { a: [1] }, ttlMs: 9_000 });
  await first.dispose();
  await expect(first.get("t", "long")).rejects.toMatchObject({ code: "store_unavailable" });
  clock.advance(1_000);
  await using second = await createSqliteSessionStore({ file, clock, name: "sessions" });
  expect(await second.get("t", "long")).toEqual(kept);
  expect(await second.takeExpired(10)).toMatchObject([{ id: "short" }]);
});

test("more sessions or data than the store has room for are refused, and expired ones make room", async () => {
  const clock = createManualClock();
  const file = join(stateFolder(), "state.db");
  const bounds = { maxSessions: 2, maxBytes: 1_000 };
  await using other = await createSqliteSessionStore({ file, clock, name: "other" });
  await using store = await createSqliteSessionStore({ file, clock, name: "sessions", ...bounds });
  for (const id of ["x", "y", "z"]) await other.create({ ...NEW, id, data: { text: "x".repeat(500) } });
  await store.create({ ...NEW, id: "a" });
  clock.advance(500);
  await store.create({ ...NEW, id: "b" });
  await expect(store.create({ ...NEW, id: "c" })).rejects.toMatchObject({ code: "concurrency_limit" });
  const large = store.update("t", "b", 1, { text: "x".repeat(1_000) });
  await expect(large).rejects.toMatchObject({ code: "context_limit" });
  expect(await store.update("t", "b", 1, { text: "x".repeat(900) })).toMatchObject({ version: 2 });
  clock.advance(500);
  await store.create({ ...NEW, id: "c" });
  await store.delete("t", "b");
  await store.create({ ...NEW, id: "d", data: { text: "x".repeat(900) } });
  expect(await other.takeExpired(10)).toHaveLength(3);
});
