import { OptimizerError, type SavedProgram, type SavedProgramStore } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";

/** A store under test. */
export interface SavedProgramStoreHarness {
  readonly store: SavedProgramStore;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface SavedProgramStoreSuite {
  readonly name: string;
  /** Makes an empty store. */
  readonly create: () => SavedProgramStoreHarness | Promise<SavedProgramStoreHarness>;
}

const program = (name: string, version: number): SavedProgram => ({
  name,
  version,
  description: `${name} “${version}”`,
  language: "javascript",
  code: `const a = "ü\\n";\r\n\nreturn [a, params.limit, ${version}];\n`,
  params: { type: "object", properties: { limit: { type: "number" } }, additionalProperties: false },
  tenant: "t",
  runId: "r_1",
  at: 1_000 + version,
});

/** Holds a store to the SavedProgramStore port. Call it at the top of a vitest file. */
export function testSavedProgramStore(suite: SavedProgramStoreSuite): void {
  const storeTest = (name: string, body: (store: SavedProgramStore) => Promise<void>): void => {
    test(name, async () => {
      const harness = await suite.create();
      try {
        await body(harness.store);
      } finally {
        await harness.dispose?.();
      }
    });
  };
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return OptimizerError.is(error) ? error.code : `no refusal, but ${String(error)}`;
  };

  describe(`${suite.name} is a store of saved programs`, () => {
    storeTest("is empty at first", async (store) => {
      expect(await store.list()).toEqual([]);
      expect(await store.read("a")).toBeUndefined();
      expect(await store.remove("a")).toBe(false);
    });

    storeTest("gives back exactly what was saved, each version for itself", async (store) => {
      await store.save(program("a", 1));
      await store.save(program("a", 2));
      expect(await store.read("a")).toEqual(program("a", 2));
      expect(await store.read("a", 1)).toEqual(program("a", 1));
      expect(await store.read("a", 3)).toBeUndefined();
      expect(await store.read("a", 0)).toBeUndefined();
    });

    storeTest("lists the newest of each, by name", async (store) => {
      for (const name of ["b", "a", "a_b"]) await store.save(program(name, 1));
      for (let version = 2; version <= 11; version += 1) await store.save(program("a", version));
      const listed = await store.list();
      expect(listed).toEqual([program("a", 11), program("a_b", 1), program("b", 1)]);
    });

    storeTest("takes only the version that follows the newest", async (store) => {
      expect(await refusal(store.save(program("a", 2)))).toBe("conflict");
      await store.save(program("a", 1));
      expect(await refusal(store.save(program("a", 1)))).toBe("conflict");
      expect(await refusal(store.save(program("a", 3)))).toBe("conflict");
      expect(await store.list()).toEqual([program("a", 1)]);
    });

    storeTest("of two who save at once, one does", async (store) => {
      const both = await Promise.allSettled([store.save(program("a", 1)), store.save(program("a", 1))]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(await store.list()).toHaveLength(1);
    });

    storeTest("takes out all versions, and begins anew", async (store) => {
      for (const version of [1, 2]) await store.save(program("a", version));
      await store.save(program("b", 1));
      expect(await store.remove("a")).toBe(true);
      expect(await store.read("a")).toBeUndefined();
      expect(await store.read("a", 1)).toBeUndefined();
      await store.save(program("a", 1));
      expect((await store.list()).map(({ name }) => name)).toEqual(["a", "b"]);
    });

    storeTest("knows no names that are none", async (store) => {
      for (const name of ["../a", "__proto__", "constructor", "a.v1.json", ""]) {
        expect(await store.read(name)).toBeUndefined();
        expect(await store.remove(name)).toBe(false);
      }
    });

    storeTest("keeps what it has, whatever is done to what it gave", async (store) => {
      await store.save(program("a", 1));
      const [given] = await store.list();
      (given!.params as Record<string, unknown>)["type"] = "string";
      expect(await store.read("a")).toEqual(program("a", 1));
    });
  });
}
