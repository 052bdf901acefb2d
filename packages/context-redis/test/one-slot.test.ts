import type { LedgerEntry } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import {
  createRedisLearnedTypeStore,
  createRedisLedgerStore,
  createRedisRateWindows,
  createRedisResponseCache,
  createRedisRunPlaces,
  createRedisSavedProgramStore,
  type RedisLink,
  type RedisScript,
} from "../src/index.ts";
import { redisOfFile } from "./redis-of-file.ts";

const redis = redisOfFile();

/** A link that tells of each script's keys which tags decide on their nodes. */
function watched(link: RedisLink): { readonly link: RedisLink; readonly tags: Set<string>[] } {
  const tags: Set<string>[] = [];
  const watch =
    (script: RedisScript): RedisScript =>
    (keys, args) => {
      tags.push(new Set(keys.map((key) => /\{([^}]+)\}/.exec(key)?.[1] ?? `no tag in ${key}`)));
      return script(keys, args);
    };
  const reading = (source: string): RedisScript => watch(link.reading(source));
  const writing = (source: string): RedisScript => watch(link.writing(source));
  return { link: { ...link, reading, writing }, tags };
}

test("all keys of a script are in one node of a cluster, and not those of everybody", async () => {
  await using opened = await redis.open();
  const { link, tags } = watched(opened);
  const cache = createRedisResponseCache({ link });
  for (let at = 0; at < 20; at += 1) await cache.put(`key ${at}`, "text", 60_000);
  for (const server of ["git", "fs"]) await cache.hold(server, "w", 0);
  await cache.generations(["git", "fs"]);
  const window = createRedisRateWindows({ link })({ name: "calls", amount: 1, seconds: 60 });
  for (const owner of ["t", "u", ""]) await window.take(owner, 1);
  const places = createRedisRunPlaces({ link });
  for (const owner of ["t", "u"]) await (await places.take(owner, 1, 1_000))!();
  const ledger = createRedisLedgerStore({ link, clock: { now: () => 0 }, maxEntries: 1 });
  const spent = { part: "results", subject: "a", count: 1, tokens: 1, estimated: 0, at: 1 } as const;
  const entries: LedgerEntry[] = ["t", "u", "}{"].map((tenant) => ({ ...spent, tenant, session: "s" }));
  await ledger.append([...entries, { ...entries[0]!, session: "z" }]);
  await ledger.sum({ tenant: "t" });
  const types = createRedisLearnedTypeStore({ link });
  await types.update("t", "a", "x", () => ({
    server: "a",
    tool: "x",
    definition: "d",
    seen: 1,
    type: {},
  }));
  await types.forget("t");
  await createRedisSavedProgramStore({ link }).list();
  expect(tags.length).toBeGreaterThan(30);
  for (const own of tags) expect([...own]).toEqual([expect.not.stringContaining("no tag")]);
  expect(new Set(tags.map(([...own]) => own[0])).size).toBeGreaterThan(15);
});
