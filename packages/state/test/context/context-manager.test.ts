import { join } from "node:path";
import { createMemoryContextStore, systemClock } from "@mcp-optimizer/core";
import { createManualClock } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { ContextManager, type ContextManagerOptions } from "../../src/index.ts";
import { stateFolder } from "../state-folder.ts";

test("keeps values for their time, and says whether it found one", async () => {
  const clock = createManualClock();
  await using context = new ContextManager({ clock });
  expect(context.lastCacheHit).toBe(false);
  expect(await context.set("error", { id: "123", list: [null, 1.5] })).toEqual([]);
  await context.set("short", "x", { ttl: 60 });
  expect(await context.get("error")).toEqual({ id: "123", list: [null, 1.5] });
  expect(context.lastCacheHit).toBe(true);
  expect(await context.size()).toBe(5 + `{"id":"123","list":[null,1.5]}`.length + 5 + 3);
  expect(context.lastCacheHit).toBe(false);
  clock.advance(60_000);
  expect(await context.get("short")).toBeUndefined();
  expect(context.lastCacheHit).toBe(false);
  expect(await context.keys()).toEqual(["error"]);
  clock.advance(240_000);
  expect(await context.get("error")).toBeUndefined();
  await context.set("null", null);
  expect(await context.get("null")).toBeNull();
  expect(context.lastCacheHit).toBe(true);
  await expect(context.get("")).rejects.toThrow("the key is empty");
  expect(context.lastCacheHit).toBe(false);
  expect(await context.delete("null")).toBe(true);
  expect(await context.delete("null")).toBe(false);
});

test("keeps namespaces and sessions apart, and makes room by use", async () => {
  const backend = createMemoryContextStore({ clock: systemClock });
  const context = new ContextManager({ backend, sizeLimitKb: 1, namespace: "a" });
  const other = new ContextManager({ backend, sizeLimitKb: 1, session: "other" });
  await context.set("k", 1);
  await context.set("k", 2, { namespace: "b" });
  await other.set("k", 3);
  expect([await context.get("k"), await context.get("k", { namespace: "b" }), await other.get("k")]).toEqual([
    1, 2, 3,
  ]);
  expect(await context.set("large", "x".repeat(1_024 - 7 - 2))).toEqual([{ namespace: "a", key: "k" }]);
  expect(await context.size()).toBe(1_024);
  expect(await context.size("b")).toBe(2);
  expect(await context.clear("b")).toBe(1);
  expect(await context.set("large", "y".repeat(1_024)).catch((error: unknown) => error)).toMatchObject({
    code: "context_limit",
    status: 413,
  });
  expect(await context.clear()).toBe(1);
  expect(await other.keys()).toEqual(["k"]);
});

test.each<[string, unknown, string]>([
  ["undefined", undefined, "$ is undefined"],
  ["a BigInt", { a: { b: [1, 2, 3, 4n] } }, "$.a.b[3] is a BigInt"],
  ["a date", { at: new Date() }, "$.at is a Date"],
  ["__proto__", JSON.parse('{"__proto__":1}'), "$.__proto__"],
])("refuses %s as a value, and keeps what was there", async (_, value, words) => {
  const context = new ContextManager();
  await context.set("k", "old");
  await expect(context.set("k", value)).rejects.toMatchObject({
    code: "invalid_params",
    message: expect.stringContaining(words) as string,
  });
  expect(await context.get("k")).toBe("old");
});

test.each([
  ["", "the key is empty"],
  ["a\u0000b", "U+0000"],
  ["a\nb", "U+000A"],
  ["\u0085", "U+0085"],
  ["\uD800", "U+D800"],
  ["ü".repeat(257), "514 bytes, of 512"],
  [7 as unknown as string, "not of type number"],
])("refuses %j as a key or namespace", async (key, words) => {
  const context = new ContextManager();
  const refusal = expect.objectContaining({
    code: "invalid_params",
    message: expect.stringContaining(words) as string,
  }) as Error;
  for (const work of [context.set(key, 1), context.get(key), context.delete(key)])
    await expect(work).rejects.toEqual(refusal);
  const inNamespace = context.set("k", 1, { namespace: key });
  await expect(inNamespace).rejects.toMatchObject({ code: "invalid_params" });
  await context.set("ü".repeat(256), 1);
});

test("refuses lifetimes that are none", async () => {
  const context = new ContextManager();
  for (const ttl of [0, -1, Number.NaN, Infinity, "60" as unknown as number])
    await expect(context.set("k", 1, { ttl })).rejects.toMatchObject({ code: "invalid_params" });
});

test.each<[string, ContextManagerOptions]>([
  ["a backend that is none", { backend: "mongo" as "redis" }],
  ["a backend of the prototype", { backend: "constructor" as "redis" }],
  ["sqlite without a file", { backend: "sqlite" }],
  ["a url of another backend", { backend: "redis", url: "sqlite:/x.db" }],
  ["no ttl", { ttl: 0 }],
  ["no size", { sizeLimitKb: 0 }],
  ["too much size", { sizeLimitKb: 1e9 }],
  ["an empty session", { session: "" }],
])("%s is config_invalid", (_, options) => {
  expect(() => new ContextManager(options)).toThrow(
    expect.objectContaining({ code: "config_invalid" }) as Error,
  );
});

test("a file is opened with the first call, kept by the next manager, and opened again after dispose", async () => {
  const url = `sqlite:${join(stateFolder(), "new", "context.db")}`;
  const first = new ContextManager({ backend: "sqlite", url });
  await Promise.all(["a", "b"].map((key) => first.set(key, key)));
  await first.dispose();
  await using second = new ContextManager({ backend: "sqlite", url });
  expect(await second.get("a")).toBe("a");
  expect(await first.get("b")).toBe("b");
  await first.dispose();
});

test("what cannot be opened is tried again", async () => {
  const folder = stateFolder();
  const { writeFileSync, rmSync } = await import("node:fs");
  const file = join(folder, "context.db");
  writeFileSync(file, "no database at all ".repeat(100));
  await using context = new ContextManager({ backend: "sqlite", url: `sqlite:${file}` });
  await expect(context.get("a")).rejects.toMatchObject({ code: "store_unavailable" });
  rmSync(file);
  expect(await context.get("a")).toBeUndefined();
});
