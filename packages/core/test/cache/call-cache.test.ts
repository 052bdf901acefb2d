import type { CallOutcome, ToolResult } from "@mcp-optimizer/contracts";
import { createManualClock, type ManualClock } from "@mcp-optimizer/testkit";
import { describe, expect, test } from "vitest";
import { createAnswerStore } from "../../src/cache/answer-store.ts";
import { createCallCache, type CacheableRead, type CallCache } from "../../src/cache/call-cache.ts";
import { cacheRules } from "../../src/cache/cache-settings.ts";
import { createMemoryResponseCache } from "../../src/cache/memory-response-cache.ts";
import { createMemoryMetrics, type MemoryMetrics } from "../../src/metrics/memory-metrics.ts";
import { createReadTrail } from "../../src/cache/read-trail.ts";
import { aroundCache } from "./around-cache.ts";
import { toolOf } from "./tool-of.ts";

interface World {
  readonly calls: CallCache;
  readonly clock: ManualClock;
  readonly metrics: MemoryMetrics;
  readonly logged: string[];
  /** What the server says. */
  value: ToolResult;
  /** Breaks the store. */
  broken: boolean;
  read(call?: Partial<CacheableRead>): Promise<{ readonly value: unknown; readonly cached: boolean }>;
}

const said = (value: number): ToolResult => ({ content: [], structuredContent: value });
const APPLIED: CallOutcome = { state: "applied", value: null };
const UNKNOWN: CallOutcome = { state: "unknown", error: { code: "timeout", message: "timeout" } };

function worldOf(): World {
  const clock = createManualClock();
  const store = createMemoryResponseCache({ clock });
  const cache = aroundCache(store, async (_name, work) => {
    if (world.broken) throw new Error("the store is gone");
    return await work();
  });
  const logged: string[] = [];
  const metrics = createMemoryMetrics();
  const log = ({ level }: { level: string }): void => void logged.push(level);
  const parts = { cache, clock, log, metrics, randomId: () => "w" };
  const rules = cacheRules({}, { enableCaching: true, cacheTtlSeconds: 300 });
  const calls = createCallCache({ ...parts, rules, answers: createAnswerStore(parts) });
  const world: World = {
    calls,
    clock,
    metrics,
    logged,
    value: said(1),
    broken: false,
    async read(call) {
      const whole = { tenant: "a", tool: toolOf("fs", "list"), args: {}, key: "k", keyed: false, ...call };
      const { result, cached } = await calls.read(whole, async () => structuredClone(world.value));
      return { value: result.structuredContent, cached };
    },
  };
  return world;
}

describe("a read", () => {
  test("is answered from an equal one, until it is too old", async () => {
    const world = worldOf();
    expect(await world.read()).toEqual({ value: 1, cached: false });
    world.value = said(2);
    world.clock.advance(299_999);
    expect(await world.read()).toEqual({ value: 1, cached: true });
    world.clock.advance(1);
    expect(await world.read()).toEqual({ value: 2, cached: false });
    const { counters } = world.metrics;
    expect(counters.map(({ name, value }) => [name, value])).toEqual([
      ["response_cache_misses_total", 2],
      ["response_cache_hits_total", 1],
    ]);
  });

  test.each<[string, Partial<CacheableRead>]>([
    ["of another tenant", { tenant: "b" }],
    ["with other arguments", { key: "l" }],
    ["of another server", { tool: toolOf("db", "list") }],
    ["of a tool that is another now", { tool: toolOf("fs", "list", "other") }],
    ["that wants the server", { fresh: true }],
    ["of a tool that takes a key", { keyed: true }],
  ])("%s is not", async (_name, call) => {
    const world = worldOf();
    await world.read();
    world.value = said(2);
    expect(await world.read(call)).toEqual({ value: 2, cached: false });
  });

  test("that wants the server answers those after it", async () => {
    const world = worldOf();
    await world.read();
    world.value = said(2);
    await world.read({ fresh: true });
    world.value = said(3);
    expect(await world.read()).toEqual({ value: 2, cached: true });
  });

  test.each<[string, ToolResult]>([
    ["failed", { content: [], isError: true }],
    ["is too large", { content: [{ type: "text", text: "x".repeat(1024 * 1024) }] }],
  ])("that %s answers no other", async (_name, result) => {
    const world = worldOf();
    world.value = result;
    await world.read();
    world.value = said(2);
    expect(await world.read()).toEqual({ value: 2, cached: false });
  });

  test("gets a copy of its own", async () => {
    const world = worldOf();
    const value = {
      content: [{ type: "text", text: "a" }],
      structuredContent: { rows: [1, null], ü: "\u0000" },
    };
    world.value = value;
    for (const cached of [false, true, true]) {
      const read = await world.read();
      expect(read).toEqual({ value: value.structuredContent, cached });
      (read.value as { rows: number[] }).rows.push(2);
    }
  });

  test("without a store is made", async () => {
    const world = worldOf();
    await world.read();
    world.broken = true;
    world.value = said(2);
    expect(await world.read()).toEqual({ value: 2, cached: false });
    expect(world.logged).toContain("warn");
  });
});

describe("a write", () => {
  test("keeps what was read before it from being given, and what is read meanwhile from being kept", async () => {
    const world = worldOf();
    await world.read();
    await world.calls.write("fs", async () => {
      world.value = said(2);
      expect(await world.read()).toEqual({ value: 2, cached: false });
      world.value = said(3);
      expect(await world.read()).toEqual({ value: 3, cached: false });
      return APPLIED;
    });
    world.value = said(4);
    expect(await world.read()).toEqual({ value: 4, cached: false });
    expect(await world.read()).toEqual({ value: 4, cached: true });
  });

  test("that takes longer than its hold voids again when it ends", async () => {
    const world = worldOf();
    await world.calls.write("fs", async () => {
      world.clock.advance(86_400_000);
      expect(await world.read()).toEqual({ value: 1, cached: false });
      world.value = said(2);
      return APPLIED;
    });
    expect(await world.read()).toEqual({ value: 2, cached: false });
  });

  test("leaves other servers alone", async () => {
    const world = worldOf();
    await world.read();
    await world.calls.write("db", async () => APPLIED);
    expect(await world.read()).toEqual({ value: 1, cached: true });
  });

  test.each<[string, () => Promise<CallOutcome>]>([
    ["that may still come to pass", async () => UNKNOWN],
    ["that breaks", () => Promise.reject(new Error("bug"))],
  ])("%s keeps reads from being kept until it cannot any more", async (_name, perform) => {
    const world = worldOf();
    await world.calls.write("fs", perform).catch(() => undefined);
    await world.read();
    world.value = said(2);
    expect(await world.read()).toEqual({ value: 2, cached: false });
    world.clock.advance(300_000);
    await world.read();
    expect(await world.read()).toEqual({ value: 2, cached: true });
  });

  test("is not made when nobody could be told of it", async () => {
    const world = worldOf();
    world.broken = true;
    let made = 0;
    const outcome = await world.calls.write("fs", async () => ((made += 1), APPLIED));
    expect(made).toBe(0);
    expect(outcome).toMatchObject({
      state: "failed",
      error: { code: "store_unavailable", data: { notApplied: true } },
    });
  });

  test("that cannot be said to have ended holds its server", async () => {
    const world = worldOf();
    expect(await world.calls.write("fs", async () => ((world.broken = true), APPLIED))).toBe(APPLIED);
    world.broken = false;
    await world.read();
    expect(await world.read()).toMatchObject({ cached: false });
    world.clock.advance(600_000);
    await world.read();
    expect(await world.read()).toMatchObject({ cached: true });
  });
});

describe("a trail", () => {
  const generationOf = async (world: World): Promise<string | undefined> => {
    const trail = createReadTrail();
    await world.read({ trail });
    return trail.generations["fs"];
  };

  test("has what was read, and until when the oldest of it counts", async () => {
    const world = worldOf();
    const from = world.clock.now();
    await world.read();
    world.clock.advance(1_000);
    const outer = createReadTrail();
    const trail = createReadTrail(outer);
    await world.read({ trail });
    expect(trail).toMatchObject({ spoiled: false, cached: true, until: from + 300_000 });
    await world.read({ trail, key: "l", args: { a: 1 } });
    expect(trail).toMatchObject({ spoiled: false, cached: false, until: from + 300_000 });
    expect(trail.reads.map(({ tool, args }) => [tool, args])).toEqual([
      ["fs.list", {}],
      ["fs.list", { a: 1 }],
    ]);
    expect(outer.reads).toEqual(trail.reads);
    expect(outer.generations).toEqual({ fs: await generationOf(world) });
  });

  test.each<[string, (world: World, trail: CacheableRead["trail"]) => Promise<unknown>]>([
    [
      "a failure",
      async (world, trail) => ((world.value = { content: [], isError: true }), world.read({ trail })),
    ],
    ["a tool that is always asked", (world, trail) => world.read({ trail, keyed: true })],
    [
      "a write between two reads",
      async (world, trail) => {
        await world.read({ trail });
        await world.calls.write("fs", async () => APPLIED);
        await world.read({ trail });
      },
    ],
    [
      "a read during a write",
      (world, trail) => world.calls.write("fs", async () => (await world.read({ trail }), APPLIED)),
    ],
    [
      "too many reads",
      async (world, trail) => {
        for (let key = 0; key < 65; key += 1) await world.read({ trail, key: String(key) });
      },
    ],
  ])("is spoiled by %s", async (_name, act) => {
    const world = worldOf();
    const outer = createReadTrail();
    const trail = createReadTrail(outer);
    await act(world, trail);
    expect([trail.spoiled, outer.spoiled]).toEqual([true, true]);
  });
});
