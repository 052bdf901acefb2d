import type { ResponseCache } from "@mcp-optimizer/contracts";
import { describe, expect } from "vitest";
import { harnessTest } from "../state/harness-test.ts";

/** A cache under test. */
export interface ResponseCacheHarness {
  readonly cache: ResponseCache;
  /** Lets so many milliseconds pass for all that is kept and held. */
  readonly pass: (ms: number) => void | Promise<void>;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface ResponseCacheSuite {
  readonly name: string;
  /** Makes an empty cache that holds about `maxSize` characters, and of one text at most `maxEntrySize`. */
  readonly create: (options: {
    readonly maxSize: number;
    readonly maxEntrySize: number;
  }) => ResponseCacheHarness | Promise<ResponseCacheHarness>;
}

const MINUTE = 60_000;

/** Holds a cache to the ResponseCache port. Call it at the top of a vitest file. */
export function testResponseCache(suite: ResponseCacheSuite): void {
  const cacheTest = harnessTest(() => suite.create({ maxSize: 1_000, maxEntrySize: 600 }));

  describe(`${suite.name} is a response cache`, () => {
    cacheTest("gives what was put last under a key", async ({ cache }) => {
      expect(await cache.get("a")).toBeUndefined();
      await cache.put("a", "1", MINUTE);
      await cache.put("a", "ü😀\u0000", MINUTE);
      await cache.put("__proto__", "2", MINUTE);
      expect(await cache.get("a")).toBe("ü😀\u0000");
      expect(await cache.get("__proto__")).toBe("2");
      expect(await cache.get("constructor")).toBeUndefined();
    });

    cacheTest("forgets a text when its time is over", async ({ cache, pass }) => {
      await cache.put("short", "1", 1_000);
      await cache.put("long", "2", MINUTE);
      await cache.put("none", "3", 0);
      expect(await cache.get("short")).toBe("1");
      expect(await cache.get("none")).toBeUndefined();
      await pass(1_500);
      expect(await cache.get("short")).toBeUndefined();
      expect(await cache.get("long")).toBe("2");
    });

    cacheTest("keeps no text that is too large, and not all of too many", async ({ cache }) => {
      await cache.put("large", "x".repeat(700), MINUTE);
      expect(await cache.get("large")).toBeUndefined();
      const keys = ["a", "b", "c", "d", "e", "f"];
      for (const key of keys) await cache.put(key, key.repeat(300), MINUTE);
      const kept = await Promise.all(keys.map((key) => cache.get(key)));
      expect(kept.at(-1)).toBe("f".repeat(300));
      expect(kept).toContain(undefined);
    });

    cacheTest("gives servers generations of their own, the same until they are held", async ({ cache }) => {
      const before = await cache.generations(["git", "fs", "__proto__"]);
      expect(before).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
      expect(await cache.generations(["git", "fs", "__proto__"])).toEqual(before);
      await cache.hold("git", "w", 0);
      const [git, fs] = await cache.generations(["git", "fs"]);
      expect(git).not.toBe(before[0]);
      expect(git).toEqual(expect.any(String));
      expect(fs).toBe(before[1]);
    });

    cacheTest("has no generation of a server while anybody holds it", async ({ cache }) => {
      const [before] = await cache.generations(["git"]);
      await cache.hold("git", "one", MINUTE);
      await cache.hold("git", "two", MINUTE);
      await cache.release("git", "one");
      expect(await cache.generations(["git"])).toEqual([undefined]);
      await cache.release("git", "two");
      const [after] = await cache.generations(["git"]);
      expect(after).toEqual(expect.any(String));
      expect(after).not.toBe(before);
    });

    cacheTest("ends a hold that nobody releases, in the time that it was given last", async (harness) => {
      const { cache, pass } = harness;
      await cache.hold("git", "w", 1_000);
      await cache.hold("git", "w", MINUTE);
      await pass(2_000);
      expect(await cache.generations(["git"])).toEqual([undefined]);
      await pass(MINUTE);
      const [held] = await cache.generations(["git"]);
      expect(held).toEqual(expect.any(String));
      // Whoever comes back after its time has written all the same.
      await cache.release("git", "w");
      const [after] = await cache.generations(["git"]);
      expect(after).not.toBe(held);
      expect(after).toEqual(expect.any(String));
    });

    cacheTest("never gives a generation twice", async ({ cache }) => {
      const seen = new Set(await cache.generations(["git"]));
      for (let round = 0; round < 20; round += 1) {
        await cache.hold("git", "w", round % 2 === 0 ? 0 : MINUTE);
        await cache.release("git", "w");
        const [generation] = await cache.generations(["git"]);
        expect(seen.has(generation)).toBe(false);
        seen.add(generation);
      }
    });
  });
}
