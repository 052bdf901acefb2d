import type { NewSession, SessionRecord, SessionStore } from "@mcp-optimizer/contracts";
import { describe, expect } from "vitest";
import { harnessTest } from "./harness-test.ts";
import { ODD_TEXTS } from "./odd-texts.ts";
import { refusalCode } from "./refusal-code.ts";

/** A store under test. */
export interface SessionStoreHarness {
  readonly store: SessionStore;
  /** A store of another name in the same place. */
  readonly other: SessionStore;
  /** The same store over another connection, where there are such. */
  readonly second?: SessionStore;
  /** Lets so many milliseconds pass for the store. */
  readonly pass: (ms: number) => void | Promise<void>;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface SessionStoreSuite {
  readonly name: string;
  /** Makes empty stores with room for at least 64 MiB and 1,000 sessions. */
  readonly create: () => SessionStoreHarness | Promise<SessionStoreHarness>;
}

const NEW: NewSession = { tenant: "t", id: "s", principal: "p", data: { n: 0 }, ttlMs: 1_000 };
const idsOf = (sessions: readonly SessionRecord[]): string[] => sessions.map(({ id }) => id);

/** Holds a store to the SessionStore port. Call it at the top of a vitest file. */
export function testSessionStore(suite: SessionStoreSuite): void {
  const storeTest = harnessTest(() => suite.create());

  describe(`${suite.name} is a session store`, () => {
    storeTest("makes, gives back, changes and deletes a session", async ({ store, pass }) => {
      const made = await store.create(NEW);
      expect(made).toEqual({
        ...NEW,
        version: 1,
        createdAt: made.createdAt,
        expiresAt: made.createdAt + 1_000,
      });
      expect(await store.get("t", "s")).toEqual(made);
      await pass(10);
      const changed = await store.update("t", "s", 1, { m: ["ü", null] });
      expect(changed).toEqual({
        ...made,
        data: { m: ["ü", null] },
        version: 2,
        expiresAt: made.expiresAt + 10,
      });
      expect(await store.get("t", "s")).toEqual(changed);
      expect(await store.delete("t", "s")).toEqual(changed);
      expect(await store.delete("t", "s")).toBeUndefined();
      expect(await store.get("t", "s")).toBeUndefined();
      expect(await store.touch("t", "s")).toBe(false);
      expect(await refusalCode(store.update("t", "s", 2, {}))).toBe("not_found");
      expect(await store.create(NEW)).toMatchObject({ version: 1, data: { n: 0 } });
    });

    storeTest("refuses a second one of an id, and a version that is not the last", async ({ store }) => {
      await store.create(NEW);
      expect(await refusalCode(store.create({ ...NEW, principal: "q" }))).toBe("conflict");
      await store.update("t", "s", 1, { n: 1 });
      for (const version of [0, 1, 3])
        expect(await refusalCode(store.update("t", "s", version, { n: 9 }))).toBe("conflict");
      expect(await store.get("t", "s")).toMatchObject({ principal: "p", version: 2, data: { n: 1 } });
    });

    storeTest("lives as long as it is used", async ({ store, pass }) => {
      for (const id of ["used", "changed", "left"]) await store.create({ ...NEW, id });
      await pass(999);
      expect(await store.get("t", "left")).toBeDefined();
      expect(await store.touch("t", "used")).toBe(true);
      const touched = await store.get("t", "used");
      expect(touched).toMatchObject({ version: 1, ttlMs: 1_000 });
      expect(touched!.expiresAt - touched!.createdAt).toBe(1_999);
      await store.update("t", "changed", 1, {});
      await pass(1);
      expect(await store.get("t", "left")).toBeUndefined();
      expect(await store.touch("t", "left")).toBe(false);
      expect(await refusalCode(store.update("t", "left", 1, {}))).toBe("not_found");
      expect(await store.delete("t", "left")).toBeUndefined();
      expect(idsOf((await store.list("t")).sessions)).toEqual(["used", "changed"]);
      await pass(998);
      expect(await store.get("t", "used")).toBeDefined();
      await pass(1);
      expect(await store.get("t", "used")).toBeUndefined();
      expect(await store.get("t", "changed")).toBeUndefined();
    });

    storeTest("keeps an expired one until it is taken, once", async ({ store, pass }) => {
      const made = await store.create(NEW);
      await store.create({ ...NEW, tenant: "u", id: "long", ttlMs: 5_000 });
      expect(await store.takeExpired(10)).toEqual([]);
      await pass(1_000);
      expect(await refusalCode(store.create(NEW))).toBe("conflict");
      expect(await store.takeExpired(10)).toEqual([made]);
      expect(await store.takeExpired(10)).toEqual([]);
      await store.create(NEW);
      expect(await store.get("u", "long")).toBeDefined();
    });

    storeTest("gives each expired one to one of several takers", async (harness) => {
      const { store, second = store, pass } = harness;
      const ids = Array.from({ length: 40 }, (_, index) => `s${index}`);
      for (const [index, id] of ids.entries())
        await store.create({ ...NEW, tenant: `t${index % 3}`, id, data: { id } });
      await pass(1_000);
      expect(await store.takeExpired(0)).toEqual([]);
      const first = await store.takeExpired(4);
      expect(first).toHaveLength(4);
      const taken = await Promise.all(
        Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? store : second).takeExpired(6)),
      );
      expect(Math.max(...taken.map(({ length }) => length))).toBeLessThanOrEqual(6);
      const all = [first, ...taken].flat();
      for (const { id, data } of all) expect(data).toEqual({ id });
      const rest = await store.takeExpired(100);
      expect(idsOf([...all, ...rest]).toSorted()).toEqual(ids.toSorted());
    });

    storeTest("lets one of many writers have each version", async ({ store, second = store }) => {
      await store.create({ ...NEW, ttlMs: 60_000 });
      const count = async (writer: SessionStore): Promise<boolean> => {
        const { version, data } = (await writer.get("t", "s"))!;
        const code = await refusalCode(writer.update("t", "s", version, { n: Number(data["n"]) + 1 }));
        if (code !== undefined) expect(code).toBe("conflict");
        return code === undefined;
      };
      const all = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? store : second));
      const done = (await Promise.all(all.map(count))).filter(Boolean).length;
      expect(done).toBeGreaterThan(0);
      expect(await store.get("t", "s")).toMatchObject({ version: done + 1, data: { n: done } });
      const equal = await Promise.all(
        all.map((writer) => refusalCode(writer.update("t", "s", done + 1, { n: -1 }))),
      );
      expect(equal.filter((code) => code === undefined)).toHaveLength(1);
      expect(equal.filter((code) => code === "conflict")).toHaveLength(49);
    });

    storeTest("makes and deletes once, whoever asks", async ({ store, second = store }) => {
      const all = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : second));
      const made = await Promise.all(
        all.map((one, index) => refusalCode(one.create({ ...NEW, principal: `p${index}` }))),
      );
      expect(made.filter((code) => code === undefined)).toHaveLength(1);
      expect((await store.get("t", "s"))!.principal).toBe(`p${made.indexOf(undefined)}`);
      const deleted = await Promise.all(all.map((one) => one.delete("t", "s")));
      expect(deleted.filter((session) => session !== undefined)).toHaveLength(1);
    });

    storeTest("lists oldest first, page by page, whatever happens meanwhile", async ({ store, pass }) => {
      for (const id of ["e", "d", "c", "b", "a"]) {
        await store.create({ ...NEW, id, ttlMs: 60_000 });
        await pass(1);
      }
      await store.create({ ...NEW, tenant: "u", id: "u", ttlMs: 60_000 });
      const first = await store.list("t", { limit: 2 });
      expect(idsOf(first.sessions)).toEqual(["e", "d"]);
      expect(first.sessions[0]).toEqual(await store.get("t", "e"));
      await store.delete("t", "d");
      await store.update("t", "e", 1, {});
      await store.touch("t", "c");
      await store.create({ ...NEW, id: "new", ttlMs: 60_000 });
      const second = await store.list("t", { limit: 2, cursor: first.cursor! });
      expect(idsOf(second.sessions)).toEqual(["c", "b"]);
      const third = await store.list("t", { limit: 2, cursor: second.cursor! });
      expect(idsOf(third.sessions)).toEqual(["a", "new"]);
      expect(third.cursor).toBeUndefined();
      expect(await store.list("nobody")).toEqual({ sessions: [] });
      for (let i = 0; i < 20; i++) await store.create({ ...NEW, id: `more ${i}` });
      expect((await store.list("t")).sessions).toHaveLength(20);
    });

    storeTest("refuses a cursor that no list gave", async ({ store }) => {
      await store.create(NEW);
      for (const cursor of ["", "x", "-1", "1e3", "__proto__", "[]", '{"a":1}', "9".repeat(400), "ü\0"])
        expect(await refusalCode(store.list("t", { cursor })), cursor).toBe("invalid_params");
    });

    storeTest("takes any text for an id or a tenant", async ({ store, pass }) => {
      for (const [index, text] of ODD_TEXTS.entries()) {
        await store.create({ ...NEW, id: text, data: { index } });
        await store.create({ ...NEW, tenant: `${text}_`, principal: text });
        await pass(1);
      }
      for (const [index, text] of ODD_TEXTS.entries()) {
        expect(await store.get("t", text)).toMatchObject({ tenant: "t", id: text, data: { index } });
        expect(await store.get(`${text}_`, "s")).toMatchObject({ tenant: `${text}_`, principal: text });
        expect(idsOf((await store.list(`${text}_`)).sessions)).toEqual(["s"]);
      }
      expect(idsOf((await store.list("t", { limit: 100 })).sessions)).toEqual(ODD_TEXTS);
      await pass(1_000);
      const taken = await store.takeExpired(100);
      expect(new Set(taken.map(({ tenant, id }) => `${id}|${tenant}`)).size).toBe(2 * ODD_TEXTS.length);
    });

    storeTest("keeps tenants and stores of other names apart", async ({ store, other, pass }) => {
      await store.create(NEW);
      expect(await other.get("t", "s")).toBeUndefined();
      await other.create({ ...NEW, principal: "other", ttlMs: 1_000 });
      await store.create({ ...NEW, tenant: "u", principal: "u", ttlMs: 9_000 });
      expect(await store.get("x", "s")).toBeUndefined();
      expect(await refusalCode(store.update("x", "s", 1, {}))).toBe("not_found");
      expect(await store.delete("x", "s")).toBeUndefined();
      expect(await store.touch("x", "s")).toBe(false);
      expect((await store.get("t", "s"))?.principal).toBe("p");
      expect((await store.get("u", "s"))?.principal).toBe("u");
      expect((await other.list("t")).sessions).toHaveLength(1);
      const { cursor } = await store.list("t", { limit: 1 });
      expect(cursor).toBeUndefined();
      await pass(1_000);
      expect(await store.takeExpired(10)).toMatchObject([{ tenant: "t", principal: "p" }]);
      expect(await other.takeExpired(10)).toMatchObject([{ tenant: "t", principal: "other" }]);
      expect(await store.get("u", "s")).toBeDefined();
    });

    storeTest("keeps data as it is, ten megabytes of it too", async ({ store }) => {
      const data = JSON.parse(
        String.raw`{"__proto__":{"a":1},"constructor":0,"":"\u0000\ud800ü😀","b":1,"1":[-1.5e-7,[],{}]}`,
      ) as NewSession["data"];
      await store.create({ ...NEW, data });
      expect(JSON.stringify((await store.get("t", "s"))!.data)).toBe(JSON.stringify(data));
      const text = "ü".repeat(5 * 1024 * 1024);
      await store.update("t", "s", 1, { text });
      expect((await store.get("t", "s"))!.data["text"] === text).toBe(true);
    });

    storeTest("does not share objects with its callers", async ({ store }) => {
      const data = { list: [1] };
      const made = await store.create({ ...NEW, data });
      data.list.push(2);
      (made.data["list"] as number[]).push(3);
      const got = (await store.get("t", "s"))!;
      expect(got.data).toEqual({ list: [1] });
      (got.data["list"] as number[]).push(4);
      expect((await store.list("t")).sessions[0]!.data).toEqual({ list: [1] });
    });
  });
}
