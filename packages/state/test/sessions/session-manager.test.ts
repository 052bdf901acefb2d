import { join } from "node:path";
import type { SessionRecord } from "@mcp-optimizer/contracts";
import { createManualClock } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { SessionManager } from "../../src/index.ts";
import { stateFolder } from "../state-folder.ts";

const count = (data: SessionRecord["data"]) => ({ n: Number(data["n"]) + 1 });

test("makes, changes, lists and ends sessions", async () => {
  await using sessions = new SessionManager();
  const made = await sessions.create("mine", { n: 0 });
  expect(made).toMatchObject({ id: "mine", version: 1, data: { n: 0 }, ttlMs: 3_600_000 });
  await expect(sessions.create("mine")).rejects.toMatchObject({ code: "conflict" });
  const ids = await Promise.all(Array.from({ length: 30 }, async () => (await sessions.create()).id));
  expect(new Set(ids).size).toBe(30);
  expect(ids[0]).toMatch(/^s_[\w-]{22,}$/);
  expect(await sessions.update("mine", { n: 5 }, { version: 1 })).toMatchObject({ version: 2 });
  await expect(sessions.update("mine", { n: 6 }, { version: 1 })).rejects.toMatchObject({ code: "conflict" });
  await expect(sessions.update("none", {})).rejects.toMatchObject({ code: "not_found" });
  const page = await sessions.list();
  expect(page.sessions).toHaveLength(20);
  expect((await sessions.list({ cursor: page.cursor!, limit: 50 })).sessions).toHaveLength(11);
  await expect(sessions.list({ cursor: "x" })).rejects.toMatchObject({ code: "invalid_params" });
  expect([await sessions.delete("mine"), await sessions.delete("mine")]).toEqual([true, false]);
  expect(await sessions.get("mine")).toBeUndefined();
});

test("no change is lost, whoever makes it at once, over several managers of a file", async () => {
  const url = `sqlite:${join(stateFolder(), "sessions.db")}`;
  await using one = new SessionManager({ url });
  await using other = new SessionManager({ url });
  const { id } = await one.create(undefined, { n: 0 });
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : other).update(id, count)),
  );
  expect(await other.get(id)).toMatchObject({ data: { n: 40 }, version: 41 });
});

test("refuses data that is no JSON object, from a function too", async () => {
  await using sessions = new SessionManager();
  const { id } = await sessions.create(undefined, { n: 1 });
  const circle: Record<string, unknown> = {};
  circle["a"] = [circle];
  for (const bad of [[], null, "x", { a: undefined }, { at: new Date() }, circle]) {
    const data = bad as Record<string, never>;
    await expect(sessions.create("x", data)).rejects.toMatchObject({ code: "invalid_params" });
    await expect(sessions.update(id, data)).rejects.toMatchObject({ code: "invalid_params" });
    await expect(sessions.update(id, () => data)).rejects.toMatchObject({ code: "invalid_params" });
  }
  await expect(sessions.create("a\nb")).rejects.toMatchObject({ code: "invalid_params" });
  expect(await sessions.get(id)).toMatchObject({ version: 1, data: { n: 1 } });
});

test("sessions end when nobody uses them, and the hooks are told of all", async () => {
  const clock = createManualClock();
  const told: string[] = [];
  const tell = (what: string) => (session: SessionRecord) => void told.push(`${what} ${session.id}`);
  const hooks = { onExpire: tell("expired"), onDelete: tell("deleted") };
  await using sessions = new SessionManager({ clock, defaultTtl: 10, hooks });
  for (const id of ["a", "b", "c"]) await sessions.create(id);
  await sessions.delete("b");
  clock.advance(6_000);
  expect([await sessions.touch("a"), await sessions.touch("none")]).toEqual([true, false]);
  clock.advance(3_999);
  expect(await sessions.cleanupExpired()).toBe(0);
  clock.advance(1);
  expect(await sessions.cleanupExpired()).toBeLessThanOrEqual(1);
  expect(await sessions.get("c")).toBeUndefined();
  expect(await sessions.get("a")).toBeDefined();
  expect(told).toEqual(["deleted b", "expired c"]);
  await sessions.create("c");
});

test("a principal sees its own alone", async () => {
  const url = `sqlite:${join(stateFolder(), "sessions.db")}`;
  await using mine = new SessionManager({ url, principal: "me" });
  await using theirs = new SessionManager({ url, principal: "them" });
  await using all = new SessionManager({ url });
  await using elsewhere = new SessionManager({ url, tenant: "elsewhere" });
  await mine.create("s");
  expect(await theirs.get("s")).toBeUndefined();
  expect(await theirs.delete("s")).toBe(false);
  expect(await theirs.touch("s")).toBe(false);
  await expect(theirs.update("s", {})).rejects.toMatchObject({ code: "not_found" });
  expect((await theirs.list()).sessions).toEqual([]);
  expect(await elsewhere.get("s")).toBeUndefined();
  expect(await all.get("s")).toMatchObject({ principal: "me" });
  expect(await mine.get("s")).toBeDefined();
});

test.each([{ url: "postgres://x" }, { defaultTtl: 0 }, { tenant: "" }, { principal: "a\u0000" }])(
  "%j is config_invalid",
  (options) => {
    expect(() => new SessionManager(options)).toThrow(
      expect.objectContaining({ code: "config_invalid" }) as Error,
    );
  },
);
