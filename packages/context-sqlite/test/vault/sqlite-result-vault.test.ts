import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createManualClock, testResultVault } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import {
  createSqliteResultVault,
  type SqliteResultVaultOptions,
} from "../../src/vault/sqlite-result-vault.ts";
import { stateFolder } from "../state-folder.ts";

const open = async (options: Partial<SqliteResultVaultOptions> = {}) => {
  let ids = 0;
  const file = join(stateFolder(), "state.db");
  const clock = createManualClock();
  return await createSqliteResultVault({ file, clock, randomId: () => `${(ids += 1)}`, ...options });
};

testResultVault({
  name: "sqlite",
  create: async ({ maxSize }) => {
    const clock = createManualClock();
    const vault = await open({ clock, maxSize, ttlMs: 1_000 });
    return { vault, pass: (part) => clock.advance(part * 1_000), dispose: () => vault.dispose() };
  },
});

test("results outlast the process, for their time and their tenant", async () => {
  const file = join(stateFolder(), "state.db");
  const clock = createManualClock();
  const first = await open({ file, clock, ttlMs: 1_000 });
  const handle = await first.put("t", { kind: "json", text: "[1]", sources: ["a"] }, { digest: "d" });
  await first.dispose();
  await expect(first.get("t", handle)).rejects.toMatchObject({ code: "store_unavailable" });
  await using second = await open({ file, clock, ttlMs: 1_000, randomId: () => "other" });
  expect(await second.get("u", handle)).toBeUndefined();
  expect(await second.get("t", handle)).toEqual({ kind: "json", text: "[1]", sources: ["a"] });
  expect(await second.put("t", { kind: "json", text: "[1]" }, { digest: "d" })).toBe(handle);
  clock.advance(1_000);
  expect(await second.get("t", handle)).toBeUndefined();
});

test("a large result is whole, others have their turn meanwhile, and equal ones at once are one", async () => {
  await using vault = await open();
  // Ends of parts fall between the halves of characters.
  const text = `x${"😀".repeat(1_500_000)}\uD83D${"ü".repeat(600_000)}`;
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  const puts = [1, 2].map(() => vault.put("t", { kind: "text", text }, { digest: "d" }));
  const [one, other] = await Promise.all(puts);
  expect(other).toBe(one);
  expect(turns).toBeGreaterThan(2);
  const got = await vault.get("t", one!);
  clearInterval(timer);
  expect(got?.kind === "text" && got.text === text).toBe(true);
});

test("the file keeps its size while results come and go", async () => {
  const file = join(stateFolder(), "state.db");
  await using vault = await open({ file, maxSize: 3_000_000 });
  const fill = async (rounds: number): Promise<number> => {
    for (let i = 0; i < rounds; i++)
      await vault.put("t", { kind: "text", text: `${i}`.padEnd(900_000, "x") });
    return statSync(file).size + statSync(`${file}-wal`).size;
  };
  const size = await fill(10);
  expect(await fill(20)).toBeLessThanOrEqual(size + 1_000_000);
});

test("who reads a result that goes meanwhile never gets a part of what comes in its place", async () => {
  const file = join(stateFolder(), "state.db");
  await using vault = await open({ file });
  const large = "a".repeat(1_200_000);
  const handle = await vault.put("a", { kind: "text", text: large });
  using other = new DatabaseSync(file);
  const reading = vault.get("a", handle);
  other.exec(`
    DELETE FROM vault_entries;
    DELETE FROM vault_parts;
    INSERT INTO vault_entries (tenant, handle, kind, sources, size, expires, used, whole)
      VALUES ('"b"', 'h_b', 'text', 'null', 1, ${Number.MAX_SAFE_INTEGER}, 1, 1);
    INSERT INTO vault_parts SELECT vault_entries.id, value, 0, CAST('secret of b' AS BLOB) FROM vault_entries, json_each('[0, 1, 2]');
  `);
  expect((await reading) === undefined).toBe(true);
});

test("what goes is removed bit by bit, and by whoever puts next when its process died", async () => {
  const file = join(stateFolder(), "state.db");
  const clock = createManualClock();
  await using vault = await open({ file, clock, ttlMs: 1_000 });
  using other = new DatabaseSync(file);
  const left = () => other.prepare("SELECT count(*) AS parts FROM vault_parts").get()!["parts"];
  const large = { kind: "text", text: "a".repeat(30_000_000) } as const;
  await vault.put("a", large);
  clock.advance(1_000);
  const steps: unknown[] = [];
  const watch = (): void => {
    steps.push(left());
    next = setImmediate(watch);
  };
  let next = setImmediate(watch);
  await vault.put("a", { kind: "text", text: "small" });
  clearImmediate(next);
  expect(new Set(steps).size).toBeGreaterThan(2);
  expect(left()).toBe(1);
  const handle = await vault.put("a", large);
  other.exec("DELETE FROM vault_entries");
  await vault.put("a", { kind: "text", text: "small" });
  expect(left()).toBe(1);
  expect(await vault.get("a", handle)).toBeUndefined();
});
