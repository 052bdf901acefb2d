import { join } from "node:path";
import { createManualClock, testContextStore } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createSqliteContextStore } from "../../src/context/sqlite-context-store.ts";
import { stateFolder } from "../state-folder.ts";

testContextStore({
  name: "sqlite",
  create: async () => {
    const clock = createManualClock();
    const file = join(stateFolder(), "state.db");
    const [store, second] = [
      await createSqliteContextStore({ file, clock }),
      await createSqliteContextStore({ file, clock }),
    ];
    return {
      store,
      second,
      pass: (ms) => clock.advance(ms),
      dispose: async () => {
        await store.dispose();
        await second.dispose();
      },
    };
  },
});

const OPTIONS = { ttlMs: 60_000, limitBytes: 9_000 };

test("what was set is there when the file is opened again, and its use is known", async () => {
  const file = join(stateFolder(), "state.db");
  const clock = createManualClock();
  const scope = { tenant: "t", session: "s", namespace: "n" };
  const options = { ttlMs: 60_000, limitBytes: 30 };
  const first = await createSqliteContextStore({ file, clock });
  for (const key of ["a", "b"]) await first.set(scope, key, "0123456789", options);
  await first.get(scope, "a");
  await first.dispose();
  await first.dispose();
  await expect(first.get(scope, "a")).rejects.toMatchObject({ code: "store_unavailable" });
  await using second = await createSqliteContextStore({ file, clock });
  expect(await second.set(scope, "c", "0123456789", options)).toEqual([{ namespace: "n", key: "b" }]);
  expect(await second.get(scope, "a")).toBe("0123456789");
});

test("over the size of the store, it is other sessions of the tenant with most that lose", async () => {
  const clock = createManualClock();
  const file = join(stateFolder(), "state.db");
  await using store = await createSqliteContextStore({ file, clock, maxBytes: 10_000 });
  const scope = (tenant: string, session: string) => ({ tenant, session, namespace: "n" });
  await store.set(scope("small", "a"), "k", "x".repeat(1_000), OPTIONS);
  for (const session of ["a", "b", "c"])
    await store.set(scope("large", session), "k", "x".repeat(2_000), OPTIONS);
  await store.get(scope("large", "a"), "k");
  await store.set(scope("new", "a"), "k", "x".repeat(2_000), OPTIONS);
  expect(await store.get(scope("large", "b"), "k")).toBeUndefined();
  for (const kept of [scope("large", "a"), scope("large", "c"), scope("small", "a"), scope("new", "a")])
    expect(await store.get(kept, "k")).toBeDefined();
  await store.set(scope("new", "a"), "k", "x".repeat(8_900), OPTIONS);
  expect(await store.get(scope("new", "a"), "k")).toBeDefined();
  expect(await store.get(scope("large", "a"), "k")).toBeUndefined();
});

test("what nobody asks for any more does not stay", async () => {
  const clock = createManualClock();
  const file = join(stateFolder(), "state.db");
  await using store = await createSqliteContextStore({ file, clock, maxBytes: 10_000 });
  await store.set({ tenant: "t", session: "left", namespace: "n" }, "k", "x".repeat(8_000), OPTIONS);
  clock.advance(60_000);
  const other = { tenant: "u", session: "s", namespace: "n" };
  for (const key of ["a", "b"]) await store.set(other, key, "x".repeat(4_000), OPTIONS);
  expect(await store.keys(other)).toEqual(["a", "b"]);
});
