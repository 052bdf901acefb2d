import { expect, test } from "vitest";
import type { CacheSettings } from "../../src/cache/cache-settings.ts";
import { checkCacheSettings } from "../../src/cache/check-cache-settings.ts";

test.each<[CacheSettings, unknown]>([
  [{}, undefined],
  [
    { never: ["*.now", "fs.*"], ttlSeconds: { "git.log": 1, "intents.*": 5 }, sameData: [["fs", "git"]] },
    undefined,
  ],
  [{ never: ["fs.*", "file.read"] }, ["never", 1]],
  [{ stateless: ["git", "fs.*"] }, ["stateless", 1]],
  [{ ttlSeconds: { "fs.*": 1, clock: 0 } }, ["ttlSeconds", "clock"]],
  [
    {
      sameData: [
        ["fs", "git"],
        ["git", "gti"],
      ],
    },
    ["sameData", 1, 1],
  ],
])("%j", (settings, path) => {
  expect(checkCacheSettings(settings, ["fs", "git", "intents"])?.path).toEqual(path);
});
