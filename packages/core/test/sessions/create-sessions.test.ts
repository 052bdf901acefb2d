import type { JsonObject, SessionRecord } from "@mcp-optimizer/contracts";
import { createManualClock } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createSessions, type SessionsParts } from "../../src/sessions/create-sessions.ts";
import type { SessionOwner } from "../../src/sessions/sessions.ts";
import { createMemorySessionStore } from "../../src/state/memory-session-store.ts";

const ADA = { principal: "ada" };

function open(parts: Partial<SessionsParts> = {}) {
  const clock = createManualClock();
  let ids = 0;
  const lives: string[] = [];
  const note = (what: string) => (session: SessionRecord) => void lives.push(`${what} ${session.id}`);
  const hooks = {
    onCreate: note("create"),
    onUse: note("use"),
    onExpire: note("expire"),
    onDelete: note("delete"),
  };
  const store = createMemorySessionStore({ clock });
  const made = {
    store,
    clock,
    randomId: () => String((ids += 1)),
    ttlMs: 1_000,
    hooks,
    sweepMs: 0,
    ...parts,
  };
  return { clock, store, lives, sessions: createSessions(made) };
}

test("lives are created, used, expired and deleted, each with its hook", async () => {
  const { sessions, clock, lives } = open();
  const { id } = await sessions.create(ADA);
  await sessions.create({ ...ADA, id: "mine", data: { a: 1 } });
  clock.advance(900);
  await sessions.use(ADA, id);
  clock.advance(900);
  expect(await sessions.get(ADA, "mine")).toBeUndefined();
  expect(await sessions.cleanupExpired()).toBe(1);
  expect(await sessions.cleanupExpired()).toBe(0);
  expect(await sessions.delete(ADA, id)).toBe(true);
  expect(await sessions.delete(ADA, id)).toBe(false);
  expect(lives).toEqual(["create s_1", "create mine", "use s_1", "expire mine", "delete s_1"]);
});

test("an id is taken once, until it has expired", async () => {
  const { sessions, clock, lives } = open();
  await sessions.create({ id: "a" });
  await expect(sessions.create({ id: "a" })).rejects.toMatchObject({ code: "conflict" });
  clock.advance(1_001);
  expect(await sessions.create({ id: "a", ...ADA })).toMatchObject({ principal: "ada", version: 1 });
  expect(lives).toEqual(["create a", "expire a", "create a"]);
});

test.each([
  ["nothing", ""],
  ["two lines", "a\nb"],
  ["NUL", "\u0000"],
  ["a long one", "x".repeat(257)],
  ["half a character", "\ud800"],
])("%s is no id", async (_, id) => {
  const { sessions } = open();
  await expect(sessions.create({ id })).rejects.toMatchObject({ code: "invalid_params" });
  await expect(sessions.use({}, id)).rejects.toMatchObject({ code: "not_found" });
});

test("for anybody else there is none; who operates the tenant has all", async () => {
  const { sessions, lives } = open();
  await sessions.create({ ...ADA, id: "a" });
  await sessions.create({ id: "b" });
  const refused = async (owner: SessionOwner, id: string): Promise<string> => {
    const [outcome] = await Promise.allSettled([sessions.use(owner, id)]);
    return outcome.status === "rejected" ? String(outcome.reason) : "used";
  };
  const refusal = await refused({}, "c");
  for (const other of [{ principal: "eve" }, { tenant: "t" }, { tenant: "t", ...ADA }]) {
    expect(await sessions.get(other, "a")).toBeUndefined();
    expect(await sessions.delete(other, "a")).toBe(false);
    expect((await refused(other, "a")).replace('"a"', '"c"')).toBe(refusal);
    await expect(sessions.update(other, "a", {})).rejects.toMatchObject({ code: "not_found" });
    expect((await sessions.list(other)).sessions).toEqual([]);
  }
  expect((await sessions.list(ADA)).sessions.map(({ id }) => id)).toEqual(["a"]);
  expect((await sessions.list()).sessions.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(await sessions.delete({}, "a")).toBe(true);
  expect(lives.filter((life) => life.startsWith("use"))).toEqual([]);
});

test("of fifty updates at once none is lost, and a version that is old is refused", async () => {
  const { sessions } = open();
  const { id, version } = await sessions.create({ data: { n: 0 } });
  const more = ({ n }: JsonObject): JsonObject => ({ n: Number(n) + 1 });
  await Promise.all(Array.from({ length: 50 }, () => sessions.update({}, id, more)));
  expect(await sessions.get({}, id)).toMatchObject({ data: { n: 50 }, version: version + 50 });
  await expect(sessions.update({}, id, { n: 0 }, { version })).rejects.toMatchObject({ code: "conflict" });
});

test("somebody looks for expired ones by itself, since one is used and until it is over", async () => {
  const { sessions, clock, lives } = open({ sweepMs: 500 });
  await sessions.create({ id: "a" });
  await sessions.create({ id: "b" });
  const looked = (): readonly string[] => {
    clock.advance(500);
    return lives;
  };
  await expect.poll(looked, { interval: 1 }).toHaveLength(4);
  expect(lives.slice(2)).toEqual(["expire a", "expire b"]);
  await sessions.create({ id: "c" });
  sessions.dispose();
  clock.advance(5_000);
  await Promise.resolve();
  expect(await sessions.cleanupExpired()).toBe(1);
});

test("a hook that fails keeps nothing from happening", async () => {
  const logged: string[] = [];
  const onDelete = (): void => {
    throw new Error("no room");
  };
  const { sessions } = open({ hooks: { onDelete }, log: ({ message }) => void logged.push(message) });
  const { id } = await sessions.create();
  expect(await sessions.delete({}, id)).toBe(true);
  expect(logged).toEqual(["What follows a session failed (onDelete)"]);
});
