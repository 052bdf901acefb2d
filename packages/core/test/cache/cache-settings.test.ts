import { describe, expect, test } from "vitest";
import { cacheRules, CacheSettingsSchema, type CacheSettings } from "../../src/cache/cache-settings.ts";

const FLAGS = { enableCaching: true, cacheTtlSeconds: 300 };

describe("how long an answer counts", () => {
  const settings: CacheSettings = {
    never: ["clock.*", "*.status"],
    ttlSeconds: { "fs.list": 5, "fs.*": 30, "clock.zone": 60, "git.log": 0 },
  };
  test.each([
    ["db.query", 300_000, "as the flags say"],
    ["fs.list", 5_000, "the first pattern counts"],
    ["fs.read", 30_000, "a pattern"],
    ["clock.zone", 0, "never goes first"],
    ["git.status", 0, "never, of any server"],
    ["git.log", 0, "no time is never"],
    ["git.loga", 300_000, "a name is a whole name"],
  ])("%s: %i ms (%s)", (path, ms) => {
    expect(cacheRules(settings, FLAGS).ttlMs(path)).toBe(ms);
  });

  test("nothing counts when caching is off, whatever else is said", () => {
    const rules = cacheRules({ ttlSeconds: { "*": 10 } }, { ...FLAGS, enableCaching: false });
    expect(rules.ttlMs("fs.read")).toBe(0);
  });

  test("a time of its own counts where that of the flags is 0", () => {
    const rules = cacheRules({ ttlSeconds: { "fs.*": 10 } }, { ...FLAGS, cacheTtlSeconds: 0 });
    expect([rules.ttlMs("fs.read"), rules.ttlMs("git.log")]).toEqual([10_000, 0]);
  });
});

test("servers of the same data are written to together", () => {
  const rules = cacheRules(
    {
      sameData: [
        ["fs", "git"],
        ["git", "ci"],
      ],
    },
    FLAGS,
  );
  expect(["fs", "git", "ci", "db"].map((server) => [...rules.writtenWith(server)].sort())).toEqual([
    ["fs", "git"],
    ["ci", "fs", "git"],
    ["ci", "git"],
    ["db"],
  ]);
});

test.each<unknown>([
  { ttl: {} },
  { never: "fs.*" },
  { ttlSeconds: { "fs.*": -1 } },
  { ttlSeconds: { "fs.*": 1.5 } },
  { sameData: [["fs"]] },
])("%j is no cache block", (block) => {
  expect(CacheSettingsSchema.safeParse(block).success).toBe(false);
});
