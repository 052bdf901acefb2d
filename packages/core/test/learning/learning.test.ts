import type { JsonObject, JsonValue, LearnedTypeStore } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import type { CatalogueTool } from "../../src/catalogue/catalogue.ts";
import { createLearning, type Learning } from "../../src/learning/learning.ts";
import { createMemoryLearnedTypeStore } from "../../src/learning/memory-learned-type-store.ts";
import { toolSignature } from "../../src/signatures/tool-signature.ts";
import { catalogued } from "../signatures/type-of.ts";

const tool = (rest: JsonObject = {}): CatalogueTool =>
  catalogued({ name: "t", inputSchema: { type: "object", properties: {} }, ...rest });
const TOOL = tool();

/** A store that counts its writes. */
function counted(): { readonly store: LearnedTypeStore; readonly writes: () => number } {
  const inner = createMemoryLearnedTypeStore();
  let writes = 0;
  const update: LearnedTypeStore["update"] = (...work) => {
    writes += 1;
    return inner.update(...work);
  };
  return { store: { ...inner, update }, writes: () => writes };
}

const open = (store: LearnedTypeStore): Learning => createLearning({ store, log: () => undefined });
const see = (
  learning: Learning,
  value: JsonValue,
  of: CatalogueTool = TOOL,
  tenant = "local",
): string | undefined => learning.observe({ tenant, tool: of, value });
const shown = (learning: Learning, of: CatalogueTool = TOOL, tenant = "local"): string =>
  toolSignature(of, learning.outputs(tenant)).slice("s.t(): ".length);

test("what was seen is shown at once, and after a restart", async () => {
  const { store } = counted();
  const first = open(store);
  see(first, { id: 1 });
  expect(shown(first)).toBe("Promise<{ id: number }> /* seen 1× */");
  await first.settle();
  const second = open(store);
  expect(shown(second)).toBe("Promise<unknown>");
  await second.load("local");
  expect(shown(second)).toBe("Promise<{ id: number }> /* seen 1× */");
});

test("a call that is only planned gives the emptiest value of what is known", () => {
  const learning = open(counted().store);
  const empty = (): JsonValue | undefined => learning.emptyValue(TOOL, "local");
  expect(empty()).toBeUndefined();
  see(learning, [{ id: 1 }]);
  expect(empty()).toEqual([]);
  expect(learning.emptyValue(TOOL, "other")).toBeUndefined();
});

test("what two processes see is put together, and neither is lost", async () => {
  const { store } = counted();
  const processes = [open(store), open(store)] as const;
  await Promise.all(processes.map((learning) => learning.load("local")));
  see(processes[0], { a: 1 });
  see(processes[1], { a: "x", b: true });
  await Promise.all(processes.map((learning) => learning.settle()));
  const third = open(store);
  await third.load("local");
  expect(shown(third)).toBe("Promise<{ a: string | number; b?: boolean }> /* seen 2× */");
});

test("a tool that is called often is written rarely", async () => {
  const { store, writes } = counted();
  const learning = open(store);
  for (let call = 0; call < 1_000; call += 1) {
    see(learning, { id: call });
    await learning.settle();
  }
  expect(writes()).toBeLessThanOrEqual(11);
  expect(shown(learning)).toBe("Promise<{ id: number }> /* seen 1000× */");
  expect((await store.list("local"))[0]!.seen).toBe(512);
});

test("another definition starts anew", async () => {
  const { store } = counted();
  const learning = open(store);
  see(learning, { id: 1 });
  await learning.settle();
  const changed = tool({ description: "Otherwise." });
  expect(shown(learning, changed)).toBe("Promise<unknown>");
  see(learning, "x", changed);
  await learning.settle();
  expect(shown(learning)).toBe("Promise<unknown>");
  expect(await store.list("local")).toMatchObject([{ definition: changed.hash, seen: 1 }]);
});

test("no tenant sees what another has learned", async () => {
  const { store } = counted();
  const learning = open(store);
  see(learning, { id: 1 }, TOOL, "a");
  await learning.settle();
  await learning.load("b");
  expect(shown(learning, TOOL, "b")).toBe("Promise<unknown>");
  expect(shown(learning, TOOL, "a")).toContain("id");
});

test("what was forgotten meanwhile stays so", async () => {
  const { store } = counted();
  const learning = open(store);
  see(learning, { old: 1 });
  await learning.settle();
  await store.forget("local");
  see(learning, { young: 1 });
  await learning.settle();
  expect(shown(learning)).toBe("Promise<{ young: number }> /* seen 1× */");
});

test("a stored entry that is no type, or of another version, counts for nothing", async () => {
  for (const type of [null, { version: 2 }, { version: 1, shape: { kinds: ["date"] } }, "x"] as JsonValue[]) {
    const { store } = counted();
    await store.update("local", "s", "t", () => ({
      server: "s",
      tool: "t",
      definition: TOOL.hash,
      seen: 9,
      type,
    }));
    const learning = open(store);
    await learning.load("local");
    expect(shown(learning)).toBe("Promise<unknown>");
    see(learning, true);
    expect(shown(learning)).toBe("Promise<boolean> /* seen 1× */");
  }
});

test("a store that fails is told to the log, and nothing else is lost", async () => {
  const told: string[] = [];
  const fails = (): Promise<never> => Promise.reject(new Error("away"));
  const store = { list: fails, update: fails, forget: fails };
  const learning = createLearning({ store, log: ({ message }) => void told.push(message) });
  await learning.load("local");
  see(learning, 1);
  await learning.settle();
  expect(shown(learning)).toBe("Promise<number> /* seen 1× */");
  expect(told).toHaveLength(2);
});

test("only what its server does not say truly is learned of a tool that declares its output", async () => {
  const { store } = counted();
  const learning = open(store);
  const honest = { type: "object", properties: { id: { type: "number" } }, required: ["id"] };
  const declared = tool({ outputSchema: honest });
  expect(see(learning, { id: 1, more: "x" }, declared)).toBeUndefined();
  await learning.settle();
  expect(await store.list("local")).toEqual([]);
  expect(see(learning, { id: "1", more: 2 }, declared)).toContain(
    "s.t gave another type than its server declares",
  );
  expect(see(learning, { id: 2 }, declared)).toBeUndefined();
  expect(shown(learning, declared)).toBe(
    "Promise<{ id: string | number; more?: number }> /* seen 2×; declared otherwise */",
  );
});
