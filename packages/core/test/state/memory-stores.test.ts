import { createManualClock, testBulletin, testContextStore, testSessionStore } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createMemoryBulletin } from "../../src/state/memory-bulletin.ts";
import { createMemoryContextStore } from "../../src/state/memory-context-store.ts";
import { createMemorySessionStore } from "../../src/state/memory-session-store.ts";

testContextStore({
  name: "the context store in memory",
  create() {
    const clock = createManualClock();
    return { store: createMemoryContextStore({ clock }), pass: (ms) => clock.advance(ms) };
  },
});

testSessionStore({
  name: "the session store in memory",
  create() {
    const clock = createManualClock();
    const [store, other] = [createMemorySessionStore({ clock }), createMemorySessionStore({ clock })];
    return { store, other, pass: (ms) => clock.advance(ms) };
  },
});

testBulletin({
  name: "the bulletin in memory",
  create: () => ({ bulletin: createMemoryBulletin() }),
});

test("over the size of the store, a session of the tenant that has most goes", async () => {
  const clock = createManualClock();
  const store = createMemoryContextStore({ clock, maxBytes: 10_000 });
  const options = { ttlMs: 60_000, limitBytes: 9_000 };
  const scope = (tenant: string, session: string) => ({ tenant, session, namespace: "n" });
  await store.set(scope("small", "a"), "k", "x".repeat(1_000), options);
  for (const session of ["a", "b", "c"])
    await store.set(scope("large", session), "k", "x".repeat(2_000), options);
  await store.get(scope("large", "a"), "k");
  await store.set(scope("new", "a"), "k", "x".repeat(2_000), options);
  expect(await store.get(scope("large", "b"), "k")).toBeUndefined();
  for (const kept of [scope("large", "a"), scope("large", "c"), scope("small", "a"), scope("new", "a")])
    expect(await store.get(kept, "k")).toBeDefined();
  const alone = store.set(scope("new", "a"), "k", "x".repeat(10_000), { ...options, limitBytes: 20_000 });
  await expect(alone).rejects.toMatchObject({ code: "context_limit" });
});

test("what nobody asks for any more does not stay", async () => {
  const clock = createManualClock();
  const store = createMemoryContextStore({ clock, maxBytes: 10_000 });
  const options = { ttlMs: 1_000, limitBytes: 9_000 };
  const scope = { tenant: "t", session: "left", namespace: "n" };
  await store.set(scope, "k", "x".repeat(8_000), options);
  clock.advance(60_000);
  await store.set({ ...scope, tenant: "u" }, "k", "x".repeat(8_000), options);
  expect(await store.get({ ...scope, tenant: "u" }, "k")).toBeDefined();
});

test("more sessions or data than the store has room for are refused, and expired ones make room", async () => {
  const clock = createManualClock();
  const store = createMemorySessionStore({ clock, maxSessions: 2, maxSize: 1_000 });
  const made = { tenant: "t", principal: "p", data: {}, ttlMs: 1_000 };
  await store.create({ ...made, id: "a" });
  clock.advance(500);
  await store.create({ ...made, id: "b" });
  await expect(store.create({ ...made, id: "c" })).rejects.toMatchObject({ code: "concurrency_limit" });
  const large = store.update("t", "b", 1, { text: "x".repeat(1_000) });
  await expect(large).rejects.toMatchObject({ code: "context_limit" });
  expect(await store.get("t", "b")).toMatchObject({ version: 1, data: {} });
  clock.advance(500);
  await store.create({ ...made, id: "c" });
  expect(await store.takeExpired(10)).toEqual([]);
});
