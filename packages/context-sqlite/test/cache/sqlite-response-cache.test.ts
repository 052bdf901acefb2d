import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createManualClock, testResponseCache } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import {
  createSqliteResponseCache,
  type SqliteResponseCacheOptions,
} from "../../src/cache/sqlite-response-cache.ts";
import { stateFolder } from "../state-folder.ts";

testResponseCache({
  name: "a cache in a file",
  async create(sizes) {
    const clock = createManualClock();
    const cache = await createSqliteResponseCache({ file: join(stateFolder(), "state.db"), clock, ...sizes });
    return { cache, pass: (ms) => clock.advance(ms), dispose: () => cache.dispose() };
  },
});

const MINUTE = 60_000;

/** Opens caches of one file, as processes do. */
function oneFile() {
  const clock = createManualClock();
  const file = join(stateFolder(), "state.db");
  const open = (bounds: Partial<SqliteResponseCacheOptions> = {}) =>
    createSqliteResponseCache({ file, clock, ...bounds });
  return { clock, file, open };
}

test("two processes have the same texts, generations and holds, and so has one that comes later", async () => {
  const { open } = oneFile();
  const here = await open();
  await using there = await open();
  await here.put("a", "text", MINUTE);
  expect(await there.get("a")).toBe("text");
  const [before] = await here.generations(["git"]);
  expect(await there.generations(["git"])).toEqual([before]);
  await here.hold("git", "w", MINUTE);
  expect(await there.generations(["git"])).toEqual([undefined]);
  await here.dispose();
  await expect(here.get("a")).rejects.toMatchObject({ code: "store_unavailable" });
  await using later = await open();
  expect(await later.get("a")).toBe("text");
  expect(await later.generations(["git"])).toEqual([undefined]);
  await later.release("git", "w");
  const [after] = await later.generations(["git"]);
  expect(after).not.toBe(before);
  expect(await there.generations(["git"])).toEqual([after]);
});

test("nothing counts that was kept before the machine started: it may lack the last writes", async () => {
  const { open } = oneFile();
  await using before = await open({ bootId: "1" });
  await using same = await open({ bootId: "1" });
  await using after = await open({ bootId: "2" });
  const [generation] = await before.generations(["git"]);
  expect(await same.generations(["git"])).toEqual([generation]);
  const [other] = await after.generations(["git"]);
  expect(other).toEqual(expect.any(String));
  expect(other).not.toBe(generation);
});

test("of several that begin with a server at once all have the same generation", async () => {
  const { open } = oneFile();
  await using stack = new AsyncDisposableStack();
  const caches = await Promise.all(Array.from({ length: 4 }, async () => stack.use(await open())));
  const all = await Promise.all(caches.map((cache) => cache.generations(["git", "fs", "git"])));
  expect(new Set(all.map((some) => some.join(" "))).size).toBe(1);
  expect(all[0]![0]).toBe(all[0]![2]);
});

test("what was used least recently makes room, whoever used it, by size and by number", async () => {
  for (const bounds of [{ maxSize: 3 * (100 + 128) }, { maxEntries: 3 }]) {
    const { clock, open } = oneFile();
    await using here = await open(bounds);
    await using there = await open(bounds);
    for (const key of ["a", "b", "c"]) {
      await here.put(key, key.repeat(100), 10 * MINUTE);
      clock.advance(1);
    }
    clock.advance(MINUTE);
    await there.get("a");
    await here.put("d", "d".repeat(100), 10 * MINUTE);
    const kept = await Promise.all(
      ["a", "b", "c", "d"].map(async (key) => (await there.get(key)) !== undefined),
    );
    expect(kept).toEqual([true, false, true, true]);
    await here.put("c", "ü".repeat(10_000), -1);
    expect(await there.get("c")).toBeUndefined();
  }
});

test("what has expired makes room before what has not, and the sum is what is there", async () => {
  const { clock, file, open } = oneFile();
  await using cache = await open({ maxEntries: 3 });
  await cache.put("long", "1", 10 * MINUTE);
  clock.advance(1);
  for (const key of ["a", "b"]) await cache.put(key, "2", 1_000);
  clock.advance(1_000);
  await cache.put("long too", "ü\uD800", 10 * MINUTE);
  expect(await cache.get("long")).toBe("1");
  expect(await cache.get("long too")).toBe("ü\uD800");
  using db = new DatabaseSync(file, { readOnly: true });
  const sum = db.prepare("SELECT count(*) AS entries, sum(size) AS size FROM cache_texts").get()!;
  expect(sum["entries"]).toBe(2);
  expect(db.prepare("SELECT entries, size FROM held WHERE store = 'cache'").get()).toEqual(sum);
});

test("holds that nobody released go with the next, and the files are for their user's eyes only", async () => {
  const { clock, file, open } = oneFile();
  await using cache = await open();
  for (const by of ["a", "b", "c"]) await cache.hold("git", by, 1_000);
  clock.advance(1_000);
  await cache.hold("fs", "w", 1_000);
  using db = new DatabaseSync(file, { readOnly: true });
  expect(db.prepare("SELECT holder FROM cache_holds").all()).toEqual([{ holder: '"w"' }]);
  for (const name of [file, `${file}-wal`]) expect(statSync(name).mode & 0o777).toBe(0o600);
});

test("a text is given whose use cannot be written, as on a full disk", async () => {
  const { clock, file, open } = oneFile();
  await using cache = await open();
  await cache.put("a", "text", 10 * MINUTE);
  using db = new DatabaseSync(file);
  db.exec("CREATE TRIGGER refused BEFORE UPDATE ON cache_texts BEGIN SELECT RAISE(ABORT, 'full'); END");
  clock.advance(MINUTE);
  expect(await cache.get("a")).toBe("text");
});
