import type { LearnedType, LearnedTypeStore } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";

/** A store under test. */
export interface LearnedTypeStoreHarness {
  readonly store: LearnedTypeStore;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface LearnedTypeStoreSuite {
  readonly name: string;
  /** Makes an empty store that keeps at most `maxTools` entries. */
  readonly create: (options: {
    readonly maxTools: number;
  }) => LearnedTypeStoreHarness | Promise<LearnedTypeStoreHarness>;
}

const entry = (server: string, tool: string, seen: number = 1): LearnedType => ({
  server,
  tool,
  definition: "d1",
  seen,
  type: { shape: { properties: [["__proto__", { kinds: ["string"] }, true]] } },
});

/** Holds a store to the LearnedTypeStore port. Call it at the top of a vitest file. */
export function testLearnedTypeStore(suite: LearnedTypeStoreSuite): void {
  const storeTest = (name: string, body: (store: LearnedTypeStore) => Promise<void>): void => {
    test(name, async () => {
      const harness = await suite.create({ maxTools: 6 });
      try {
        await body(harness.store);
      } finally {
        await harness.dispose?.();
      }
    });
  };
  const put = (store: LearnedTypeStore, tenant: string, type: LearnedType): Promise<LearnedType> =>
    store.update(tenant, type.server, type.tool, () => type);

  describe(`${suite.name} is a store of learned types`, () => {
    storeTest("gives back exactly what was put, by server and tool", async (store) => {
      expect(await store.list("t")).toEqual([]);
      const names = [
        ["b", "x"],
        ["a", "y"],
        ["a", "__proto__"],
      ] as const;
      for (const [server, tool] of names) await put(store, "t", entry(server, tool));
      expect(await store.list("t")).toEqual([entry("a", "__proto__"), entry("a", "y"), entry("b", "x")]);
    });

    storeTest("shows a change what is stored, and resolves with the new entry", async (store) => {
      const seen: (number | undefined)[] = [];
      const more = (stored: LearnedType | undefined): LearnedType => {
        seen.push(stored?.seen);
        return entry("a", "x", (stored?.seen ?? 0) + 1);
      };
      await store.update("t", "a", "x", more);
      expect(await store.update("t", "a", "x", more)).toEqual(entry("a", "x", 2));
      expect(seen).toEqual([undefined, 1]);
      expect(await store.list("t")).toEqual([entry("a", "x", 2)]);
    });

    storeTest("loses no change of many at once", async (store) => {
      const more = (stored: LearnedType | undefined): LearnedType => entry("a", "x", (stored?.seen ?? 0) + 1);
      await Promise.all(Array.from({ length: 20 }, () => store.update("t", "a", "x", more)));
      expect((await store.list("t"))[0]!.seen).toBe(20);
    });

    storeTest("leaves everything as it was when a change throws", async (store) => {
      await put(store, "t", entry("a", "x"));
      await expect(
        store.update("t", "a", "x", () => {
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
      expect(await store.list("t")).toEqual([entry("a", "x")]);
    });

    storeTest("keeps tenants, servers and tools apart", async (store) => {
      await put(store, "t", entry("a.b", "c"));
      await put(store, "t", entry("a", "b.c"));
      await put(store, "t\uD800", entry("a", "b.c", 3));
      expect(await store.list("t")).toHaveLength(2);
      expect(await store.list("t\uD801")).toEqual([]);
      expect(await store.list("t\uD800")).toEqual([entry("a", "b.c", 3)]);
    });

    storeTest("forgets a tool, a server, a tenant", async (store) => {
      for (const tool of ["x", "y"]) await put(store, "t", entry("a", tool));
      await put(store, "t", entry("b", "x"));
      await put(store, "u", entry("a", "x"));
      expect(await store.forget("t", "a", "x")).toBe(1);
      expect(await store.forget("t", "a", "x")).toBe(0);
      expect((await store.list("t")).map(({ server, tool }) => `${server}.${tool}`)).toEqual(["a.y", "b.x"]);
      expect(await store.forget("t", "a")).toBe(1);
      expect(await store.forget("t")).toBe(1);
      expect(await store.list("u")).toEqual([entry("a", "x")]);
    });

    storeTest("drops what is the longest unchanged when it is full", async (store) => {
      for (let at = 0; at < 6; at += 1) await put(store, "t", entry("a", `x${at}`));
      await put(store, "t", entry("a", "x0", 2));
      await put(store, "u", entry("a", "y"));
      expect((await store.list("t")).map(({ tool }) => tool)).toEqual(["x0", "x2", "x3", "x4", "x5"]);
    });

    storeTest("keeps what it has, whatever is done to what it gave", async (store) => {
      await put(store, "t", entry("a", "x"));
      const [given] = await store.list("t");
      (given!.type as Record<string, unknown>)["shape"] = "gone";
      expect(await store.list("t")).toEqual([entry("a", "x")]);
    });
  });
}
