import { createManualClock, testResultVault } from "@mcp-optimizer/testkit";
import { OptimizerError, type VaultEntry } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { RedisLink } from "../../src/link/redis-link.ts";
import { contentParts } from "../../src/vault/content-parts.ts";
import { createRedisResultVault } from "../../src/vault/redis-result-vault.ts";
import { ADD } from "../../src/vault/vault-scripts.ts";
import { redisOfFile } from "../redis-of-file.ts";

const redis = redisOfFile();
let prefixes = 0;
let ids = 0;

const ONE_NODE = "it counts all keys, and a cluster tells those of one node";
const TTL = 60_000;
const randomId = (): string => String((ids += 1));
const text = (length: number, letter = "x"): VaultEntry => ({ kind: "text", text: letter.repeat(length) });

async function openVault(maxSize?: number) {
  const clock = createManualClock();
  const prefix = `vault-${(prefixes += 1)}`;
  const link = await redis.open({ prefix });
  const settings = { clock, randomId, ttlMs: TTL, ...(maxSize !== undefined && { maxSize }) };
  const vault = createRedisResultVault({ link, ...settings });
  const keys = async (): Promise<string[]> => (await link.command("KEYS", `${prefix}:*`)) as string[];
  return { vault, link, clock, prefix, settings, keys, [Symbol.asyncDispose]: () => link.dispose() };
}

testResultVault({
  name: "the vault in Redis",
  async create({ maxSize }) {
    const { vault, link, clock } = await openVault(maxSize);
    return { vault, pass: (part) => clock.advance(part * TTL), dispose: () => link.dispose() };
  },
});

test("what one process puts, another opens, and puts again once", async ({ skip }) => {
  skip(redis.server === undefined, ONE_NODE);
  await using one = await openVault();
  await using link = await redis.open({ prefix: one.prefix });
  const other = createRedisResultVault({ link, ...one.settings });
  const handle = await one.vault.put("a", { ...text(3), sources: ["x"] }, { digest: "d" });
  expect(await other.get("a", handle)).toEqual({ ...text(3), sources: ["x"] });
  expect(await other.put("a", { ...text(3), sources: ["y"] }, { digest: "d" })).toBe(handle);
  const all = await Promise.all(
    [one.vault, other, one.vault, other].map((vault) => vault.put("a", text(4), { digest: "e" })),
  );
  expect(new Set(all).size).toBe(1);
  expect((await one.vault.get("a", handle))?.sources).toEqual(["x", "y"]);
  // One part of each of two contents, and the index.
  expect((await one.keys()).filter((key) => !key.includes("{vault}"))).toHaveLength(2);
});

test("long contents come back whole, are stored once, and leave nothing when they go", async ({ skip }) => {
  skip(redis.server === undefined, ONE_NODE);
  await using one = await openVault(8_000_000);
  const long = `${"ü😀".repeat(1_000_000)}end`;
  const handle = await one.vault.put("a", { kind: "text", text: long }, { digest: "long" });
  const entry = await one.vault.get("a", handle);
  expect(entry?.kind === "text" && entry.text === long).toBe(true);
  const parts = (await one.keys()).length;
  expect(parts).toBeGreaterThan(4);
  expect(await one.vault.put("a", { kind: "text", text: long }, { digest: "long" })).toBe(handle);
  expect(await one.keys()).toHaveLength(parts);
  await one.vault.put("b", text(4_000_000));
  expect(await one.vault.get("a", handle)).toBeUndefined();
  expect((await one.keys()).some((key) => key.includes(handle))).toBe(false);
  for (const key of await one.keys())
    expect(Number(await one.link.command("PTTL", key)), key).toBeGreaterThan(0);
});

test("an entry whose content Redis has lost is not there, and its content is stored anew", async ({
  skip,
}) => {
  skip(redis.server === undefined, ONE_NODE);
  await using one = await openVault();
  const handle = await one.vault.put("a", text(9), { digest: "d" });
  const lose = async (): Promise<void> => {
    for (const key of await one.keys()) if (key.includes("vault%3a")) await one.link.command("DEL", key);
  };
  await lose();
  const again = await one.vault.put("a", text(9), { digest: "d" });
  expect(again).not.toBe(handle);
  expect(await one.vault.get("a", again)).toMatchObject(text(9));
  await lose();
  expect(await one.vault.get("a", again)).toBeUndefined();
  expect(await one.vault.put("a", text(9), { digest: "d" })).not.toBe(again);
});

test("a result that Redis has no memory for leaves none of it taken, and others can be read", async ({
  skip,
}) => {
  skip(redis.server === undefined, ONE_NODE);
  await using one = await openVault();
  const before = await one.vault.put("a", text(3));
  const kept = (await one.keys()).toSorted();
  const used = /used_memory:(\d+)/.exec(String(await one.link.command("INFO", "memory")))![1];
  await one.link.command("CONFIG", "SET", "maxmemory", Number(used) + 3_000_000);
  try {
    await expect(one.vault.put("a", text(12_000_000))).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("memory"),
    });
    await expect.poll(async () => (await one.keys()).toSorted()).toEqual(kept);
    await one.link.command("CONFIG", "SET", "maxmemory", 1);
    await expect(one.vault.put("a", text(3))).rejects.toMatchObject({ code: "store_unavailable" });
    expect(await one.vault.get("a", before)).toMatchObject(text(3));
  } finally {
    await one.link.command("CONFIG", "SET", "maxmemory", 0);
  }
});

test("a result that may or may not have been kept leaves nothing in the index", async ({ skip }) => {
  skip(redis.server === undefined, ONE_NODE);
  await using one = await openVault();
  const link: RedisLink = {
    ...one.link,
    writing(source) {
      const script = one.link.writing(source);
      return async (keys, args) => {
        const answer = await script(keys, args);
        // Done, but no replica has it.
        if (source === ADD) throw new OptimizerError("store_unavailable");
        return answer;
      };
    },
  };
  const vault = createRedisResultVault({ link, ...one.settings });
  await expect(vault.put("a", text(9), { digest: "d" })).rejects.toMatchObject({ code: "store_unavailable" });
  await expect.poll(async () => (await one.keys()).filter((key) => !key.includes("totals"))).toEqual([]);
  expect(await one.link.command("HGET", one.link.key("vault", "totals"), "size")).toBe("0");
});

test("what was put anew after its end is still stored once when the first is tidied away", async () => {
  await using one = await openVault();
  for (let at = 0; at < 100; at += 1) await one.vault.put("a", text(1));
  await one.vault.put("a", text(2), { digest: "d" });
  one.clock.advance(TTL);
  const anew = await one.vault.put("a", text(2), { digest: "d" });
  expect(await one.vault.put("a", text(2), { digest: "d" })).toBe(anew);
  expect(await one.vault.put("a", text(2), { digest: "d" })).toBe(anew);
});

test("what a client library sends twice is stored once", async () => {
  await using one = await openVault(10_000);
  const link: RedisLink = {
    ...one.link,
    writing(source) {
      const script = one.link.writing(source);
      return async (keys, args) => {
        await script(keys, args);
        return await script(keys, args);
      };
    },
  };
  const vault = createRedisResultVault({ link, ...one.settings, maxSize: 10_000 });
  const handle = await vault.put("a", text(4_000));
  expect(await vault.get("a", handle)).toMatchObject(text(4_000));
  expect(await vault.get("a", await vault.put("a", text(4_000, "y")))).toMatchObject(text(4_000, "y"));
  expect(await vault.get("a", handle)).toMatchObject(text(4_000));
});

test("the budget holds whatever is put by whom", async ({ skip }) => {
  skip(redis.server === undefined, ONE_NODE);
  const put = fc.record({
    tenant: fc.constantFrom("a", "b", "c"),
    size: fc.integer({ min: 0, max: 4_000 }),
    digest: fc.constantFrom(undefined, "d", "e"),
    pass: fc.constantFrom(0, 0, TTL * 0.4),
  });
  await using shared = await openVault();
  await fc.assert(
    fc.asyncProperty(fc.array(put, { minLength: 5, maxLength: 30 }), async (puts) => {
      const prefix = `vault-${(prefixes += 1)}`;
      await using link = await redis.open({ prefix });
      const vault = createRedisResultVault({ link, ...shared.settings, maxSize: 10_000 });
      const mine: string[] = [];
      for (const { tenant, size, digest, pass } of puts) {
        shared.clock.advance(pass);
        const entry = text(size, tenant);
        const handle = await vault.put(
          tenant,
          entry,
          digest === undefined ? {} : { digest: `${digest}${size}` },
        );
        expect(await vault.get(tenant, handle)).toMatchObject(entry);
        mine.push(handle);
      }
      const kept = (await link.command("KEYS", `${prefix}:{vault%3ah_*`)) as string[];
      let bytes = 0;
      for (const key of kept) bytes += Number(await link.command("STRLEN", key)) + 500;
      expect(bytes).toBeLessThanOrEqual(10_000);
      expect(bytes).toBe(Number(await link.command("HGET", link.key("vault", "totals"), "size")));
    }),
    { numRuns: 15 },
  );
});

test("parts of a text are not cut within a character, and make it again", () => {
  for (const long of ["", "a", `${"a".repeat(262_143)}😀b`, "😀".repeat(262_145)]) {
    const parts = contentParts(long);
    expect(parts.join("") === long).toBe(true);
    expect(parts.every((part) => part.isWellFormed())).toBe(true);
  }
});

test("a vault whose Redis is away says so", async () => {
  const { vault, link } = await openVault();
  await link.dispose();
  for (const asked of [vault.put("a", text(3)), vault.get("a", "h_1")]) {
    const error: unknown = await asked.catch((caught: unknown) => caught);
    expect(OptimizerError.is(error) && error.code).toBe("store_unavailable");
  }
});
