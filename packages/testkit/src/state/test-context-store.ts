import type { ContextScope, ContextStore, JsonValue } from "@mcp-optimizer/contracts";
import { describe, expect } from "vitest";
import { harnessTest } from "./harness-test.ts";
import { contextBytes } from "./context-model.ts";
import { followModel } from "./follow-context-model.ts";
import { ODD_TEXTS } from "./odd-texts.ts";
import { refusalCode } from "./refusal-code.ts";

/** A store under test. */
export interface ContextStoreHarness {
  readonly store: ContextStore;
  /** The same store over another connection, where there are such. */
  readonly second?: ContextStore;
  /** Lets so many milliseconds pass for the store. */
  readonly pass: (ms: number) => void | Promise<void>;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface ContextStoreSuite {
  readonly name: string;
  /** Makes an empty store with room for at least 64 MiB and 1,000 sessions. */
  readonly create: () => ContextStoreHarness | Promise<ContextStoreHarness>;
}

const SCOPE: ContextScope = { tenant: "t", session: "s", namespace: "n" };
const OPTIONS = { ttlMs: 1_000, limitBytes: 100_000 };
/** A value that counts so many bytes under a key of one letter. */
const worth = (bytes: number): string => "x".repeat(bytes - 3);

/** Holds a store to the ContextStore port. Call it at the top of a vitest file. */
export function testContextStore(suite: ContextStoreSuite): void {
  const storeTest = harnessTest(() => suite.create());

  describe(`${suite.name} is a context store`, () => {
    storeTest("gives back exactly what was set", async ({ store }) => {
      const values: JsonValue[] = [
        null,
        false,
        0,
        -1.5e-7,
        "",
        "ü😀\0\r\n\u2028\uFFFF\uD800",
        [],
        {},
        [1, [null, { a: [{}] }]],
        JSON.parse('{"__proto__":{"a":1},"constructor":0,"":"","b":1,"1":2}') as JsonValue,
      ];
      for (const [index, value] of values.entries())
        expect(await store.set(SCOPE, `k${index}`, value, OPTIONS)).toEqual([]);
      for (const [index, value] of values.entries())
        expect(JSON.stringify(await store.get(SCOPE, `k${index}`))).toBe(JSON.stringify(value));
      expect(await store.get(SCOPE, "k")).toBeUndefined();
      await store.set(SCOPE, "k0", "other", OPTIONS);
      expect(await store.get(SCOPE, "k0")).toBe("other");
    });

    storeTest("takes any text for a key, and sorts keys by code units", async ({ store }) => {
      const texts = ["", ...ODD_TEXTS];
      for (const [index, key] of texts.entries()) await store.set(SCOPE, key, index, OPTIONS);
      for (const [index, key] of texts.entries()) expect(await store.get(SCOPE, key)).toBe(index);
      expect(await store.keys(SCOPE)).toEqual([...texts].sort());
      for (const key of texts) expect(await store.delete(SCOPE, key)).toBe(true);
      expect(await store.keys(SCOPE)).toEqual([]);
      expect(await store.size("t", "s")).toBe(0);
    });

    storeTest("keeps tenants, sessions and namespaces apart", async ({ store }) => {
      const scopes: ContextScope[] = [
        SCOPE,
        { tenant: "t", session: "n", namespace: "s" },
        { tenant: "s", session: "t", namespace: "n" },
        ...ODD_TEXTS.flatMap((text) => [
          { ...SCOPE, tenant: `${text}_` },
          { ...SCOPE, session: `${text}_` },
          { ...SCOPE, namespace: `${text}_` },
        ]),
        { tenant: "t", session: "s:n", namespace: "" },
        { tenant: "t", session: "s", namespace: "n:" },
        { tenant: "t:s", session: "n", namespace: "" },
      ];
      for (const [index, scope] of scopes.entries()) await store.set(scope, "k", index, OPTIONS);
      for (const [index, scope] of scopes.entries()) {
        expect(await store.get(scope, "k")).toBe(index);
        expect(await store.keys(scope)).toEqual(["k"]);
      }
      const { tenant, session, namespace } = SCOPE;
      expect(await store.clear(tenant, session, namespace)).toBe(1);
      for (const [index, scope] of scopes.entries())
        expect(await store.get(scope, "k")).toBe(index === 0 ? undefined : index);
    });

    storeTest("counts bytes, and takes out a namespace or all", async ({ store }) => {
      const other = { ...SCOPE, namespace: "m" };
      await store.set(SCOPE, "é", "ü\uD800", OPTIONS);
      await store.set(SCOPE, "b", [1, 2], OPTIONS);
      await store.set(other, "😀", { a: null }, OPTIONS);
      const [here, there] = [contextBytes("é", "ü\uD800") + 6, contextBytes("😀", { a: null })];
      expect(here).toBe(2 + 10 + 6);
      expect(await store.size("t", "s", "n")).toBe(here);
      expect(await store.size("t", "s")).toBe(here + there);
      await store.set(SCOPE, "b", 1, OPTIONS);
      expect(await store.size("t", "s", "n")).toBe(here - 4);
      expect(await store.clear("t", "s", "n")).toBe(2);
      expect(await store.clear("t", "s", "n")).toBe(0);
      expect(await store.size("t", "s")).toBe(there);
      await store.set(SCOPE, "b", 1, OPTIONS);
      expect(await store.clear("t", "s")).toBe(2);
      expect(await store.size("t", "s")).toBe(0);
      expect(await store.size("t", "none")).toBe(0);
      expect(await store.clear("t", "none")).toBe(0);
    });

    storeTest("forgets what was set when its time is over, used or not", async ({ store, pass }) => {
      await store.set(SCOPE, "a", 1, OPTIONS);
      await store.set(SCOPE, "b", 2, { ...OPTIONS, ttlMs: 500 });
      await pass(499);
      expect(await store.get(SCOPE, "b")).toBe(2);
      await pass(1);
      expect(await store.get(SCOPE, "b")).toBeUndefined();
      expect(await store.delete(SCOPE, "b")).toBe(false);
      expect(await store.keys(SCOPE)).toEqual(["a"]);
      expect(await store.size("t", "s")).toBe(2);
      await store.set(SCOPE, "b", 3, OPTIONS);
      expect(await store.get(SCOPE, "a")).toBe(1);
      await pass(500);
      expect(await store.get(SCOPE, "a")).toBeUndefined();
      expect(await store.clear("t", "s")).toBe(1);
    });

    storeTest("makes room with what was used least recently, and says so", async ({ store, pass }) => {
      const other = { ...SCOPE, namespace: "m" };
      const strange = { ...SCOPE, session: "strange" };
      await store.set(strange, "a", worth(25_000), OPTIONS);
      await store.set(SCOPE, "a", worth(25_000), OPTIONS);
      await store.set(other, "b", worth(25_000), OPTIONS);
      await store.set(SCOPE, "c", worth(25_000), OPTIONS);
      expect(await store.set(SCOPE, "d", worth(25_000), { ...OPTIONS, ttlMs: 100 })).toEqual([]);
      await store.get(SCOPE, "a");
      await store.keys(other);
      expect(await store.set(other, "e", worth(50_000), OPTIONS)).toEqual([
        { namespace: "m", key: "b" },
        { namespace: "n", key: "c" },
      ]);
      expect(await store.size("t", "s")).toBe(100_000);
      await pass(100);
      expect(await store.set(SCOPE, "f", worth(25_000), OPTIONS)).toEqual([]);
      expect(await store.set(SCOPE, "f", worth(25_000), OPTIONS)).toEqual([]);
      expect(await store.set(SCOPE, "f", worth(25_001), OPTIONS)).toEqual([{ namespace: "n", key: "a" }]);
      expect(await store.set(SCOPE, "g", 1, { ...OPTIONS, limitBytes: 30_000 })).toEqual([
        { namespace: "m", key: "e" },
      ]);
      expect(await store.keys(SCOPE)).toEqual(["f", "g"]);
      expect(await store.get(strange, "a")).toBe(worth(25_000));
    });

    storeTest("refuses what alone is over the limit, and changes nothing", async ({ store }) => {
      await store.set(SCOPE, "a", worth(40_000), OPTIONS);
      await store.set(SCOPE, "b", 1, OPTIONS);
      expect(await refusalCode(store.set(SCOPE, "b", worth(100_001), OPTIONS))).toBe("context_limit");
      expect(await store.keys(SCOPE)).toEqual(["a", "b"]);
      expect(await store.get(SCOPE, "b")).toBe(1);
      expect(await store.set(SCOPE, "b", worth(100_000), OPTIONS)).toEqual([{ namespace: "n", key: "a" }]);
      expect(await store.size("t", "s")).toBe(100_000);
    });

    storeTest("is never over the limit while many write at once", async ({ store, second = store }) => {
      const limitBytes = 10_000;
      const keys = Array.from({ length: 50 }, (_, index) => String.fromCodePoint(0x41 + index));
      const sizes: number[] = [];
      const evicted = await Promise.all(
        keys.map(async (key, index) => {
          const [writer, reader] = index % 2 === 0 ? [store, second] : [second, store];
          const gone = await writer.set(SCOPE, key, worth(2_000), { ttlMs: 60_000, limitBytes });
          sizes.push(await reader.size("t", "s"));
          return gone;
        }),
      );
      expect(Math.max(...sizes)).toBeLessThanOrEqual(limitBytes);
      const left = await store.keys(SCOPE);
      expect(left).toHaveLength(5);
      expect([...left, ...evicted.flat().map(({ key }) => key)].sort()).toEqual(keys);
    });

    storeTest("deletes once, whoever asks", async ({ store, second = store }) => {
      await store.set(SCOPE, "a", 1, OPTIONS);
      const told = await Promise.all(
        Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? store : second).delete(SCOPE, "a")),
      );
      expect(told.filter(Boolean)).toHaveLength(1);
      expect(await second.get(SCOPE, "a")).toBeUndefined();
    });

    storeTest("keeps ten megabytes", async ({ store }) => {
      const value = { text: "ü".repeat(5 * 1024 * 1024) };
      const limitBytes = 16 * 1024 * 1024;
      await store.set(SCOPE, "large", value, { ttlMs: 60_000, limitBytes });
      expect((await store.get(SCOPE, "large")) as typeof value).toSatisfy(
        (got: typeof value) => got.text === value.text,
      );
      expect(await store.size("t", "s")).toBe(contextBytes("large", value));
      expect(await store.set(SCOPE, "other", value, { ttlMs: 60_000, limitBytes })).toEqual([
        { namespace: "n", key: "large" },
      ]);
    });

    storeTest("does not share objects with its callers", async ({ store }) => {
      const value = { list: [1] };
      await store.set(SCOPE, "a", value, OPTIONS);
      value.list.push(2);
      const got = (await store.get(SCOPE, "a")) as typeof value;
      expect(got).toEqual({ list: [1] });
      got.list.push(3);
      expect(await store.get(SCOPE, "a")).toEqual({ list: [1] });
    });

    storeTest("does what the model of the port does, step by step", async (harness) =>
      followModel(harness.store, harness.pass),
    );
  });
}
