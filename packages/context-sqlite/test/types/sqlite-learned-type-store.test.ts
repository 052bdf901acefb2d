import { join } from "node:path";
import type { LearnedType } from "@mcp-optimizer/contracts";
import { testLearnedTypeStore } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createSqliteLearnedTypeStore } from "../../src/types/sqlite-learned-type-store.ts";
import { stateFolder } from "../state-folder.ts";

testLearnedTypeStore({
  name: "sqlite",
  create: async ({ maxTools }) => {
    const file = join(stateFolder(), "state.db");
    const store = await createSqliteLearnedTypeStore({ file, maxTools });
    return { store, dispose: () => store.dispose() };
  },
});

const more = (stored: LearnedType | undefined): LearnedType => ({
  server: "a",
  tool: "x",
  definition: "d",
  seen: (stored?.seen ?? 0) + 1,
  type: null,
});

test("what two connections learn at once is all there, and outlasts them", async () => {
  const file = join(stateFolder(), "state.db");
  const stores = await Promise.all([1, 2].map(() => createSqliteLearnedTypeStore({ file })));
  await Promise.all(
    stores.flatMap((store) => Array.from({ length: 10 }, () => store.update("t", "a", "x", more))),
  );
  for (const store of stores) await store.dispose();
  await using store = await createSqliteLearnedTypeStore({ file });
  expect((await store.list("t"))[0]!.seen).toBe(20);
});

test("a store that is closed says so", async () => {
  const store = await createSqliteLearnedTypeStore({ file: join(stateFolder(), "state.db") });
  await store.dispose();
  await expect(store.list("t")).rejects.toMatchObject({ code: "store_unavailable" });
});
